import { subjects, tallyAnswerSchema } from '@muster/contracts';
import type { ForceRelease, ReleaseAnswer, RenewalAnswer, RetireAnswer, RetireMachine } from '@muster/contracts';
import { wasEverProduction } from '@muster/domain';
import type { EventStore, Follower, LedgerWriter } from '@muster/event-store';
import { createLedgerWriter, toLedgerAppended } from '@muster/event-store';
import type { HostSigner } from '@muster/issuance';
import { askTally, observeWriter } from '@muster/issuance';
import { systemDraws } from '@muster/kernel';
import { broadcastAppended, type Bus } from '@muster/messaging';
import type { Log, Metrics, ServiceClock } from '@muster/service';
import { decideUnlessProduction } from '@muster/service';
import type { LeaseView } from '../view/lease-view.fold.js';
import { decideLeases } from './decide-leases.js';
import type { LeaseAnswer, LeaseCommand, ReleaseCommand, RenewCommand } from './lease-commands.js';
import { identifyLeaseCommand } from './lease-commands.js';

export interface LeaseWriterParts {
  readonly store: EventStore;
  readonly ledger: string;
  readonly clock: ServiceClock;
  readonly follower: Follower<LeaseView>;
  readonly signer: HostSigner;
  readonly bus: Bus;
  readonly metrics: Metrics;
  readonly log: Log;
}

type Submit = (command: LeaseCommand) => Promise<LeaseAnswer>;

const expected = <Kind extends LeaseAnswer['kind']>(answer: LeaseAnswer, kind: Kind): Extract<LeaseAnswer, { readonly kind: Kind }> => {
  if (answer.kind !== kind) throw new Error(`answered with ${answer.kind} instead of ${kind}`);
  return answer as Extract<LeaseAnswer, { readonly kind: Kind }>;
};

/** Everything that this service records, each with its own answer. @throws Problem as the rules have it, and as a writer does */
export class LeaseWriter {
  constructor(
    private readonly submitOnce: Submit,
    readonly stop: () => Promise<void>,
  ) {}

  async renew(command: Omit<RenewCommand, 'kind'>): Promise<RenewalAnswer> {
    return expected(await this.submit({ kind: 'renew', ...command }), 'renewal').answer;
  }

  async release(command: Omit<ReleaseCommand, 'kind'>): Promise<ReleaseAnswer> {
    return expected(await this.submit({ kind: 'release', ...command }), 'release').answer;
  }

  async forceRelease(order: ForceRelease): Promise<ReleaseAnswer> {
    return expected(await this.submit({ kind: 'force-release', order }), 'release').answer;
  }

  async retire(order: RetireMachine): Promise<RetireAnswer> {
    return expected(await this.submit({ kind: 'retire', order }), 'retirement').answer;
  }

  /** Records some of the ends that are due; answers how many. */
  async expireDue(): Promise<number> {
    return expected(await this.submit({ kind: 'expire' }), 'expiry').expired;
  }

  /** A command waits at most as many rounds as there are others of its machine. */
  private async submit(command: LeaseCommand): Promise<LeaseAnswer> {
    for (;;) {
      const answer = await this.submitOnce(command);
      if (answer.kind !== 'next-round') return answer;
    }
  }
}

/** Decides and records in batches, and tells everybody after each commit. */
export const createLeaseWriter = (parts: LeaseWriterParts): LeaseWriter => {
  const { store, ledger, clock, follower, signer, bus } = parts;
  const decide = decideLeases({
    store,
    follower,
    signer,
    draws: systemDraws,
    tally: (request) => askTally((timeoutMs) => bus.request(subjects.countingTally, request, { schema: tallyAnswerSchema, timeoutMs })),
  });
  const writer: LedgerWriter<LeaseCommand, LeaseAnswer> = createLedgerWriter<LeaseCommand, LeaseAnswer>({
    store,
    ledger,
    clock,
    identify: identifyLeaseCommand,
    decide: decideUnlessProduction(clock, () => wasEverProduction(follower.state.host), decide),
    onAppended: (events) => broadcastAppended(toLedgerAppended(events), { bus, followers: [follower] }),
    observer: observeWriter(parts, () => writer.status),
  });
  return new LeaseWriter(
    (command) => writer.submit(command),
    () => writer.stop(),
  );
};
