import type { CountAnswer, CountRequest, PoolsAnswer } from '@muster/contracts';
import { countRequestSchema, subjects } from '@muster/contracts';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CurrentView } from '../view/current-view.js';
import { CountAsOf } from './count-as-of.js';
import { countOf, poolsOf } from './count-of.js';

@Controller()
export class CountController {
  constructor(
    @Inject(CurrentView) private readonly current: CurrentView,
    @Inject(CountAsOf) private readonly past: CountAsOf,
  ) {}

  @MessagePattern(subjects.countingCount)
  async count(@Payload({ schema: countRequestSchema }) { pool, asOf }: CountRequest): Promise<CountAnswer> {
    return asOf === undefined ? this.current.read((at) => countOf(pool, at)) : countOf(pool, await this.past.view(asOf));
  }

  @MessagePattern(subjects.countingPools)
  pools(): Promise<PoolsAnswer> {
    return this.current.read(poolsOf);
  }
}
