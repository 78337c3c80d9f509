import type { HardwareEvidence, PermanentLeaseClaims } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import { hardwareDigestOf, isRevoked, isTokenRefused, verifyPermanentLease } from '@muster/trust';
import type { PermanentReply } from '../core/permanent/permanent-outcome.js';
import type { MeantFor } from '../shell/believe-lease.js';
import { REVOKED } from '../shell/believe-lease.js';

/** A permanent lease as it is kept, but for what it stands beside. */
export type ObtainedLease = Extract<PermanentReply, { readonly type: 'granted' }>['lease'];

export type PermanentBelief =
  | { readonly believed: true; readonly lease: ObtainedLease; readonly claims: PermanentLeaseClaims; readonly hardware: HardwareEvidence }
  | { readonly believed: false; readonly reason: string; readonly detail: string };

const isOf = (digest: string | null, evidence: HardwareEvidence): boolean => hardwareDigestOf(evidence) === digest;

/**
 * Whether the token is a permanent lease of this vendor for this machine and product, drawn for hardware that the machine knows: evidence that
 * stands beside it in a file counts only when the lease names its digest.
 *
 * @param evidence what it may have been drawn for: as kept, as asked with, as it is now
 */
export const believePermanent = async (token: string, { root, machine, product, revocations }: MeantFor, evidence: readonly HardwareEvidence[]): Promise<PermanentBelief> => {
  try {
    const { claims, keys } = await verifyPermanentLease(token, { root, machine, product });
    if (revocations !== undefined && isRevoked(revocations, { keys })) return { believed: false, ...REVOKED };
    const hardware = claims.hardware === null ? {} : evidence.find((candidate) => isOf(claims.hardware, candidate));
    if (hardware === undefined) return { believed: false, reason: 'other-hardware', detail: 'it was drawn for other hardware' };
    const { jti: leaseId, organisation, iat } = claims;
    return { believed: true, lease: { leaseId, organisation, issuedAtMs: iat * SECOND_MS, token }, claims, hardware };
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
    return { believed: false, reason: error.reason, detail: error.detail };
  }
};
