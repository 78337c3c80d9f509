import type { RecordedEvent, TimeStepAnswer } from '@muster/contracts';
import type { EventStore, NewEvent } from '@muster/event-store';
import { createLedgerWriter, isTimeStep } from '@muster/event-store';
import type { Clock } from '@muster/kernel';
import { toInstant } from '@muster/kernel';

export interface AcceptTimeStepParts {
  readonly store: EventStore;
  readonly ledger: string;
  readonly clock: Clock;
  readonly onAppended: (events: readonly RecordedEvent[]) => void;
}

const accepted = (from: string, to: string): NewEvent => ({
  event: { type: 'TimeStepAccepted', data: { from, to } },
  actor: 'operator:local',
  requestId: null,
  causedByPrevious: false,
});

/**
 * Records an operator's decision that the host's clock is right, though it is further ahead of the ledger than it is trusted to be. From there on
 * time goes on as ever. Where there is no such step nothing is recorded, so that a decision made twice, or by two operators, is one.
 *
 * @throws Problem `unavailable`, `clock-skew`: to be tried again
 */
export const acceptTimeStep = async ({ store, ledger, clock, onAppended }: AcceptTimeStepParts): Promise<TimeStepAnswer> => {
  const writer = createLedgerWriter<null, TimeStepAnswer>({
    store,
    ledger,
    clock,
    onAppended,
    identify: () => null,
    decide: ({ head, nowMs, commands }) => {
      const to = toInstant(nowMs);
      if (!isTimeStep(head, nowMs)) {
        const from = head.position === 0 ? null : toInstant(head.recordedAtMs);
        return Promise.resolve({ status: 'decided', decisions: commands.map(() => ({ kind: 'answer', answer: () => ({ outcome: 'no-step', from, to, position: head.position }) })) });
      }
      const from = toInstant(head.recordedAtMs);
      const answer = ([recorded]: readonly RecordedEvent[]): TimeStepAnswer => ({ outcome: 'accepted', from, to, position: (recorded as RecordedEvent).position });
      return Promise.resolve({ status: 'decided', decisions: commands.map(() => ({ kind: 'record', events: [accepted(from, to)], outcomeIndex: 0, answer })) });
    },
  });
  try {
    return await writer.submit(null);
  } finally {
    await writer.stop();
  }
};
