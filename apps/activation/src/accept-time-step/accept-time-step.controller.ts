import type { AcceptTimeStep, TimeStepAnswer } from '@muster/contracts';
import { acceptTimeStepSchema, subjects } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import type { EventStore, Follower, OnAppended } from '@muster/event-store';
import { CLOCK, CONFIG, LOG, type Log, type ServiceClock } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { ActivationConfig } from '../activation.config.js';
import { EVENT_STORE, HOST_FOLLOWER, ON_APPENDED } from '../wiring/tokens.js';
import { acceptTimeStep } from './accept-time-step.js';

@Controller()
export class AcceptTimeStepController {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(HOST_FOLLOWER) private readonly follower: Follower<HostState>,
    @Inject(CLOCK) private readonly clock: ServiceClock,
    @Inject(CONFIG) private readonly config: ActivationConfig,
    @Inject(ON_APPENDED) private readonly onAppended: OnAppended,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @MessagePattern(subjects.ledgerAcceptTimeStep)
  async accept(@Payload({ schema: acceptTimeStepSchema }) { actor }: AcceptTimeStep): Promise<TimeStepAnswer> {
    const { store, clock, follower, onAppended } = this;
    const answer = await acceptTimeStep({ store, ledger: this.config.ledger, actor, clock, follower, onAppended });
    if (answer.outcome === 'accepted') this.log.warn(answer, 'an operator accepted a step of time');
    return answer;
  }
}
