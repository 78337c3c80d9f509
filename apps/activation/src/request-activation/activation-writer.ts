import type { ActivationAnswer, RequestActivation } from '@muster/contracts';
import { subjects, tallyAnswerSchema } from '@muster/contracts';
import type { EnrolmentState, HostState } from '@muster/domain';
import { wasEverProduction } from '@muster/domain';
import type { Follower, LedgerWriter } from '@muster/event-store';
import { createLedgerWriter } from '@muster/event-store';
import type { HostSigner } from '@muster/issuance';
import { askTally, observeWriter } from '@muster/issuance';
import { systemDraws } from '@muster/kernel';
import type { Bus } from '@muster/messaging';
import type { Log, Metrics } from '@muster/service';
import { decideUnlessProduction } from '@muster/service';
import type { WrittenLedger } from '../wiring/written-ledger.js';
import { joinFollowers } from './activation-state.js';
import { decideActivations, identifyActivation } from './decide-activations.js';

export interface ActivationWriterParts extends WrittenLedger {
  readonly follower: Follower<HostState>;
  readonly enrolment: Follower<EnrolmentState>;
  readonly signer: HostSigner;
  readonly bus: Bus;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Decides and records activation requests in batches, and tells everybody after each commit. */
export const createActivationWriter = (parts: ActivationWriterParts): LedgerWriter<RequestActivation, ActivationAnswer> => {
  const { store, ledger, clock, follower, enrolment, signer, bus, onAppended } = parts;
  const decide = decideActivations({
    store,
    follower: joinFollowers(follower, enrolment),
    signer,
    draws: systemDraws,
    tally: (request) => askTally((timeoutMs) => bus.request(subjects.countingTally, request, { schema: tallyAnswerSchema, timeoutMs })),
  });
  const writer: LedgerWriter<RequestActivation, ActivationAnswer> = createLedgerWriter<RequestActivation, ActivationAnswer>({
    store,
    ledger,
    clock,
    identify: identifyActivation,
    decide: decideUnlessProduction(clock, () => wasEverProduction(follower.state), decide),
    onAppended,
    observer: observeWriter(parts, () => writer.status),
  });
  return writer;
};
