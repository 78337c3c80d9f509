import type { ListMachines, MachinesPage } from '@muster/contracts';
import { listMachinesSchema, subjects } from '@muster/contracts';
import { listMachines } from '@muster/domain';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CurrentView } from '../view/current-view.js';

/** Machines by what the counts know of them; their host names are personal data, and not here. */
@Controller()
export class MachinesController {
  constructor(@Inject(CurrentView) private readonly current: CurrentView) {}

  @MessagePattern(subjects.machineList)
  list(@Payload({ schema: listMachinesSchema }) query: ListMachines): Promise<MachinesPage> {
    return this.current.read(({ view, position, atMs }) => {
      const { machines, next } = listMachines(view.counts, query, atMs);
      return { machines: [...machines], ...(next === undefined ? {} : { next }), head: position };
    });
  }
}
