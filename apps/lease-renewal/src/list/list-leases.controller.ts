import type { LeasesPage, ListLeases } from '@muster/contracts';
import { listLeasesSchema, subjects } from '@muster/contracts';
import { listLeases } from '@muster/domain';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CurrentLeases } from '../view/current-leases.js';

@Controller()
export class ListLeasesController {
  constructor(@Inject(CurrentLeases) private readonly current: CurrentLeases) {}

  @MessagePattern(subjects.leaseList)
  list(@Payload({ schema: listLeasesSchema }) query: ListLeases): Promise<LeasesPage> {
    return this.current.read(({ view, position, atMs }) => {
      const { leases, next } = listLeases(view.leases, query, atMs);
      return { leases: [...leases], ...(next === undefined ? {} : { next }), head: position };
    });
  }
}
