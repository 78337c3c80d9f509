import type { RecordedEvent, TimeStepAnswer } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { wasEverProduction } from '@muster/domain';
import type { DecidedRound, EventStore, Follower, NewEvent, OnAppended, WriteRound } from '@muster/event-store';
import { createLedgerWriter, isTimeStep } from '@muster/event-store';
import { toInstant } from '@muster/kernel';
import type { ServiceClock } from '@muster/service';
import { decideUnlessProduction } from '@muster/service';
import { hostAtHead } from '../wiring/host-at-head.js';

export interface AcceptTimeStepParts {
  readonly store: EventStore;
  readonly ledger: string;
  /** Who decided it. */
  readonly actor: string;
  readonly clock: ServiceClock;
  readonly follower: Follower<HostState>;
  readonly onAppended: OnAppended;
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
export const acceptTimeStep = async ({ store, ledger, actor, clock, follower, onAppended }: AcceptTimeStepParts): Promise<TimeStepAnswer> => {
  const writer = createLedgerWriter<null, TimeStepAnswer>({
    store,
    ledger,
    clock,
    onAppended,
    identify: () => null,
    decide: decideUnlessProduction(clock, () => wasEverProduction(follower.state), async ({ head, nowMs, commands }: WriteRound<null>): Promise<DecidedRound<TimeStepAnswer>> => {
      if ((await hostAtHead(head, follower)) === undefined) return { status: 'moved' };
      const to = toInstant(nowMs);
      if (!isTimeStep(head, nowMs)) {
        const from = head.position === 0 ? null : toInstant(head.recordedAtMs);
        return { status: 'decided', decisions: commands.map(() => ({ kind: 'answer', answer: () => ({ outcome: 'no-step', from, to, position: head.position }) })) };
      }
      const from = toInstant(head.recordedAtMs);
      const answer = ([recorded]: readonly RecordedEvent[]): TimeStepAnswer => ({ outcome: 'accepted', from, to, position: (recorded as RecordedEvent).position });
      return { status: 'decided', decisions: commands.map(() => ({ kind: 'record', events: [accepted({ from, to, actor })], outcomeIndex: 0, answer })) };
    }),
  });
  try {
    return await writer.submit(null);
  } finally {
    await writer.stop();
  }
};
