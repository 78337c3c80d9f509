import type { CertificateInForce, HostState } from '@muster/domain';
import { wasEverProduction } from '@muster/domain';
import type { DecidedRound, EventStore, Follower, NewEvent, WriteRound } from '@muster/event-store';
import { createLedgerWriter } from '@muster/event-store';
import type { ServiceClock } from '@muster/service';
import { decideUnlessProduction } from '@muster/service';
import { hostAtHead } from '../wiring/host-at-head.js';

interface ActivateHostParts {
  readonly store: EventStore;
  readonly ledger: string;
  readonly clock: ServiceClock;
  readonly follower: Follower<HostState>;
}

const activated = (certificate: CertificateInForce): NewEvent => ({
  event: {
    type: 'HostActivated',
    data: { host: certificate.claims.sub, certificate: certificate.jws, certificateDigest: certificate.digest, claims: certificate.claims },
  },
  actor: 'service:activation',
  requestId: null,
  causedByPrevious: false,
});

const isRecorded = (host: HostState, { digest }: CertificateInForce): boolean => host.status !== 'not-activated' && host.certificates.has(digest);

/**
 * Records that a certificate takes effect, unless the ledger has it already: a restart records nothing, and a retired host does not come
 * back by restarting. Replicas that do this at once record it once, by the one rule.
 *
 * @throws Problem `unavailable`, `clock-skew`: to be tried again
 */
export const activateHost = async (certificate: CertificateInForce, { store, ledger, clock, follower }: ActivateHostParts): Promise<'recorded' | 'known'> => {
  const writer = createLedgerWriter<CertificateInForce, 'recorded' | 'known'>({
    store,
    ledger,
    clock,
    identify: () => null,
    decide: decideUnlessProduction(clock, () => wasEverProduction(follower.state), async ({ head, commands }: WriteRound<CertificateInForce>): Promise<DecidedRound<'recorded' | 'known'>> => {
      const host = await hostAtHead(head, follower);
      if (host === undefined) return { status: 'moved' };
      return {
        status: 'decided',
        decisions: commands.map(({ command }) =>
          isRecorded(host, command)
            ? { kind: 'answer', answer: () => 'known' as const }
            : { kind: 'record', events: [activated(command)], outcomeIndex: 0, answer: () => 'recorded' as const },
        ),
      };
    }),
  });
  try {
    return await writer.submit(certificate);
  } finally {
    await writer.stop();
  }
};
