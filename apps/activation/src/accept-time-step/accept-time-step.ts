import type { RecordedEvent, TimeStepAnswer } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { wasEverProduction } from '@muster/domain';
import type { ActParts, ActRound, Decision, Follower, NewEvent } from '@muster/event-store';
import { isTimeStep, recordAct } from '@muster/event-store';
import { toInstant } from '@muster/kernel';
import type { ServiceClock } from '@muster/service';
import { decideUnlessProduction } from '@muster/service';

export interface AcceptTimeStepParts extends ActParts {
  /** Who decided it. */
  readonly actor: string;
  readonly clock: ServiceClock;
  readonly follower: Follower<HostState>;
}

const accepted = ({ from, to, actor }: { readonly from: string; readonly to: string; readonly actor: string }): NewEvent => ({
  event: { type: 'TimeStepAccepted', data: { from, to } },
  actor,
  requestId: null,
  causedByPrevious: false,
});

/**
 * Records an operator's decision that the host's clock is right, though it is further ahead of the ledger than it is trusted to be. From there on
 * time goes on as ever. Where there is no such step nothing is recorded, so that a decision made twice, or by two operators, is one.
 *
 * @throws Problem `unavailable`, `clock-skew`: to be tried again, the latter in vain where the clock is a controlled one and the ledger was ever in production
 */
export const acceptTimeStep = (parts: AcceptTimeStepParts): Promise<TimeStepAnswer> => {
  const { actor, clock, follower } = parts;
  const decide = async ({ head, nowMs }: ActRound): Promise<Decision<TimeStepAnswer>> => {
    const to = toInstant(nowMs);
    if (!isTimeStep(head, nowMs)) {
      const from = head.position === 0 ? null : toInstant(head.recordedAtMs);
      return { kind: 'answer', answer: () => ({ outcome: 'no-step', from, to, position: head.position }) };
    }
    const from = toInstant(head.recordedAtMs);
    const answer = ([recorded]: readonly RecordedEvent[]): TimeStepAnswer => ({ outcome: 'accepted', from, to, position: (recorded as RecordedEvent).position });
    return { kind: 'record', events: [accepted({ from, to, actor })], outcomeIndex: 0, answer };
  };
  return recordAct({ from: { 'The state of the host': follower }, decide: decideUnlessProduction(clock, () => wasEverProduction(follower.state), decide) }, parts);
};
