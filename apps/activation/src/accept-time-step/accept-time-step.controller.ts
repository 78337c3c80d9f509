import type { AcceptTimeStep, TimeStepAnswer } from '@muster/contracts';
import { acceptTimeStepSchema, subjects } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import type { Follower } from '@muster/event-store';
import { LOG, type Log } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { HOST_FOLLOWER, WRITTEN_LEDGER } from '../wiring/tokens.js';
import type { WrittenLedger } from '../wiring/written-ledger.js';
import { acceptTimeStep } from './accept-time-step.js';

@Controller()
export class AcceptTimeStepController {
  constructor(
    @Inject(WRITTEN_LEDGER) private readonly ledger: WrittenLedger,
    @Inject(HOST_FOLLOWER) private readonly follower: Follower<HostState>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @MessagePattern(subjects.ledgerAcceptTimeStep)
  async accept(@Payload({ schema: acceptTimeStepSchema }) { actor }: AcceptTimeStep): Promise<TimeStepAnswer> {
    const answer = await acceptTimeStep({ ...this.ledger, actor, follower: this.follower });
    if (answer.outcome === 'accepted') this.log.warn(answer, 'an operator accepted a step of time');
    return answer;
  }
}
