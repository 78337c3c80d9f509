import type { EventOf } from '@muster/contracts';
import { REVOCATIONS_MAX } from '@muster/contracts';
import type { AuthorityDecision } from './authority.decision.js';
import { record, rejected, unchanged } from './authority.decision.js';
import type { AuthorityState } from './authority.fold.js';

type Revocation = EventOf<'VendorRevocation'>['data'];

export type Revoke = Pick<Revocation, 'certificate' | 'key' | 'reason'>;

/** The vendor takes back its word on a host certificate, or its trust in a key. */
export const decideVendorRevocation = ({ certificate, key, reason }: Revoke, { revocations, certificates }: AuthorityState): AuthorityDecision => {
  // A serial that was mistyped would revoke nothing, and nobody would know. Keys may be of intermediates and of hosts' signing keys, which this ledger does not list.
  if (certificate !== null && certificates.get(certificate) === undefined) return rejected('not-found', `This authority issued no host certificate ${certificate}.`);
  if (certificate !== null && revocations.certificates.includes(certificate)) return unchanged;
  if (key !== null && revocations.keys.includes(key)) return unchanged;
  // One list may be full while the other is not: an intermediate stands for all the certificates that it signed.
  if (certificate !== null && revocations.certificates.length >= REVOCATIONS_MAX) {
    return rejected('revocations-not-valid', `The list names ${REVOCATIONS_MAX} certificates, as many as it may. Revoke the intermediate that signed them instead.`);
  }
  if (key !== null && revocations.keys.length >= REVOCATIONS_MAX) return rejected('revocations-not-valid', `The list names ${REVOCATIONS_MAX} keys, as many as it may.`);
  return record({ type: 'VendorRevocation', data: { sequence: revocations.sequence + 1, certificate, key, reason } });
};
