import type { StatisticsAnswer } from '@muster/contracts';
import { subjects } from '@muster/contracts';
import { totalsOf } from '@muster/domain';
import { toInstant } from '@muster/kernel';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { CurrentLeases } from '../view/current-leases.js';

/** Totals over the whole ledger, of activations too: they are a fold, so it does not matter which service recorded a request, nor how often this one started. */
@Controller()
export class StatisticsController {
  constructor(@Inject(CurrentLeases) private readonly current: CurrentLeases) {}

  @MessagePattern(subjects.statisticsRead)
  read(): Promise<StatisticsAnswer> {
    return this.current.read(({ view, position, atMs }) => ({ position, asOf: toInstant(atMs), ...totalsOf(view.totals) }));
  }
}
