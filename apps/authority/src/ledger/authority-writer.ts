import type { AuthorityState } from '@muster/domain';
import type { EventStore, Follower, LedgerWriter } from '@muster/event-store';
import { createLedgerWriter, toLedgerAppended } from '@muster/event-store';
import { observeWriter } from '@muster/issuance';
import { Problem } from '@muster/kernel';
import type { Log, Metrics, ServiceClock } from '@muster/service';
import { decideUnlessProduction } from '@muster/service';
import { certificateStandingAt } from '@muster/trust';
import type { VendorSigner } from '../vendor/vendor-signer.js';
import type { AuthorityCommand } from './authority-command.js';
import { decideCommands } from './decide-commands.js';

export interface AuthorityWriterParts {
  readonly store: EventStore;
  readonly ledger: string;
  readonly clock: ServiceClock;
  readonly follower: Follower<AuthorityState>;
  readonly signer: VendorSigner;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Why the intermediate may not sign now, if so. */
export const signerObjection = ({ key, intermediate }: VendorSigner, { revocations }: AuthorityState, nowMs: number): Problem | undefined => {
  if (revocations.keys.includes(key.id)) return new Problem('unavailable', 'The vendor revoked the key that this authority signs with: it needs a new intermediate.');
  const standing = certificateStandingAt(intermediate, nowMs);
  return standing === 'valid' ? undefined : new Problem('unavailable', `The intermediate certificate of this authority is ${standing === 'expired' ? 'past its end' : 'not valid yet'}.`);
};

/** Records orders and requests in batches, each with its own answer. @throws Problem as the command's rule has it, and as a writer does */
export class AuthorityWriter {
  constructor(private readonly writer: LedgerWriter<AuthorityCommand<unknown>, unknown>) {}

  submit<Answer>(command: AuthorityCommand<Answer>): Promise<Answer> {
    return this.writer.submit(command) as Promise<Answer>;
  }

  stop(): Promise<void> {
    return this.writer.stop();
  }
}

export const createAuthorityWriter = (parts: AuthorityWriterParts): AuthorityWriter => {
  const { store, ledger, clock, follower, signer } = parts;
  const decide = decideCommands({ store, follower, objection: (state, nowMs) => signerObjection(signer, state, nowMs) });
  const writer: LedgerWriter<AuthorityCommand<unknown>, unknown> = createLedgerWriter<AuthorityCommand<unknown>, unknown>({
    store,
    ledger,
    clock,
    identify: ({ identity }) => identity,
    decide: decideUnlessProduction(clock, () => follower.state.catalogue?.catalogue.environment === 'production', decide),
    onAppended: (events) => follower.onAppended(toLedgerAppended(events)),
    observer: observeWriter(parts, () => writer.status),
  });
  return new AuthorityWriter(writer);
};
