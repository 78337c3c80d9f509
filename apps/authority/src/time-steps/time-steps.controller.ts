import type { Actor, TimeStepAnswer } from '@muster/contracts';
import { timeStepAnswerSchema } from '@muster/contracts';
import type { EventStore } from '@muster/event-store';
import { toInstant } from '@muster/kernel';
import { actorOf, CONFIG, type HttpRequest, Roles } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { AuthorityConfig } from '../authority.config.js';
import type { AuthorityCommand } from '../ledger/authority-command.js';
import type { AuthorityWriter } from '../ledger/authority-writer.js';
import { AUTHORITY_WRITER, EVENT_STORE } from '../wiring/tokens.js';

/** The step that was accepted; null where there was none. */
type Accepted = Extract<TimeStepAnswer, { readonly outcome: 'accepted' }> | null;

const acceptTimeStepCommand = (actor: Actor): AuthorityCommand<Accepted> => ({
  actor,
  identity: null,
  acceptsTimeStep: true,
  decide: (_state, { nowMs, timeStep }) =>
    timeStep === null ? { status: 'unchanged' } : { status: 'recorded', event: { type: 'TimeStepAccepted', data: { from: toInstant(timeStep.fromMs), to: toInstant(nowMs) } } },
  answer: () => (recorded) => (recorded?.event.type === 'TimeStepAccepted' ? { outcome: 'accepted', ...recorded.event.data, position: recorded.position } : null),
});

@Controller('v1/time-steps')
export class TimeStepsController {
  constructor(
    @Inject(AUTHORITY_WRITER) private readonly writer: AuthorityWriter,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: AuthorityConfig,
  ) {}

  @Post()
  @Roles('admin')
  @HttpCode(200)
  @ApiOperation({
    summary: "Accept that the authority's clock is far ahead of its ledger",
    description: 'After more than 30 days without an event nothing is recorded (`time-step`) until an administrator says that the clock is right. The decision is recorded; where there is no step, nothing is.',
  })
  @ApiOkResponse({ standardSchema: timeStepAnswerSchema })
  @ApiProblems('overloaded', 'unavailable', 'clock-skew')
  async accept(@Req() request: HttpRequest): Promise<TimeStepAnswer> {
    const accepted = await this.writer.submit(acceptTimeStepCommand(actorOf(request)));
    if (accepted !== null) return accepted;
    const { head, storeNowMs } = await this.store.headNow(this.config.ledger);
    return { outcome: 'no-step', from: head.position === 0 ? null : toInstant(head.recordedAtMs), to: toInstant(storeNowMs), position: head.position };
  }
}
