import type { ActivationAnswer, RequestActivation, TallyAnswer, TallyRequest } from '@muster/contracts';
import { subjects, tallyAnswerSchema } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import type { EventStore, Follower, LedgerWriter } from '@muster/event-store';
import { createLedgerWriter, toLedgerAppended } from '@muster/event-store';
import type { Clock } from '@muster/kernel';
import { isProblem, systemDraws } from '@muster/kernel';
import type { Bus } from '@muster/messaging';
import type { Log, Metrics } from '@muster/service';
import type { SigningKey } from '@muster/trust';
import { decideActivations } from './decide-activations.js';
import { observeWriter } from './observe-writer.js';

/** A tally is arithmetic in memory; past this the counting service is away and the batch's clients are told to come back. */
const TALLY_TIMEOUT_MS = 1500;

export interface ActivationWriterParts {
  readonly store: EventStore;
  readonly ledger: string;
  readonly clock: Clock;
  readonly follower: Follower<HostState>;
  readonly key: SigningKey;
  readonly bus: Bus;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** A replica that starts up declines at once. The queue group picks one at random: of two, one tally in a hundred meets it this often. */
const TALLY_TRIES_MAX = 7;

/** @throws Problem `unavailable` when no replica is as of the head in time */
const tallyBy = async (bus: Pick<Bus, 'request'>, request: TallyRequest): Promise<TallyAnswer> => {
  const deadlineMs = performance.now() + TALLY_TIMEOUT_MS;
  for (let tried = 1; ; tried += 1) {
    const timeoutMs = deadlineMs - performance.now();
    try {
      return await bus.request(subjects.countingTally, request, { schema: tallyAnswerSchema, timeoutMs });
    } catch (error) {
      if (tried >= TALLY_TRIES_MAX || !isProblem(error, 'unavailable') || performance.now() >= deadlineMs) throw error;
    }
  }
};

/** Decides and records activation requests in batches, and tells everybody after each commit. */
export const createActivationWriter = (parts: ActivationWriterParts): LedgerWriter<RequestActivation, ActivationAnswer> => {
  const { store, ledger, clock, follower, key, bus } = parts;
  const writer: LedgerWriter<RequestActivation, ActivationAnswer> = createLedgerWriter<RequestActivation, ActivationAnswer>({
    store,
    ledger,
    clock,
    identify: ({ machine, requestId, contentDigest }) => ({ machine, requestId, contentDigest }),
    decide: decideActivations({
      store,
      follower,
      key,
      draws: systemDraws,
      tally: (request) => tallyBy(bus, request),
    }),
    onAppended: (events) => {
      const message = toLedgerAppended(events);
      follower.onAppended(message);
      bus.publish(subjects.ledgerAppended, message);
    },
    observer: observeWriter(parts, () => writer.status),
  });
  return writer;
};
