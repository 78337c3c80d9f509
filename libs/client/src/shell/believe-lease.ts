import { SECOND_MS } from '@muster/kernel';
import type { LeaseClaims, RevocationListClaims } from '@muster/contracts';
import type { PublicJwk, Verified } from '@muster/trust';
import { isRevoked, isTokenRefused, verifyLease } from '@muster/trust';
import type { HeldLease } from '../core/machine-state.js';

/** Whom a lease must be for, and by whose authority. */
export interface MeantFor {
  readonly root: PublicJwk;
  readonly machine: string;
  readonly product: string;
  /** What the vendor has taken back, as far as the machine knows. */
  readonly revocations?: RevocationListClaims | undefined;
}

export const REVOKED = { reason: 'revoked', detail: 'the vendor has revoked the certificate or the key that it rests on' } as const;

export const heldLeaseOf = (token: string, { jti, iss, iat, exp }: LeaseClaims): HeldLease => ({
  leaseId: jti,
  host: iss,
  issuedAtMs: iat * SECOND_MS,
  expiresAtMs: exp * SECOND_MS,
  token,
});

export type Belief =
  | { readonly believed: true; readonly lease: HeldLease; readonly verified: Verified<LeaseClaims> }
  | { readonly believed: false; readonly reason: string; readonly detail: string };

/** Whether the token is a lease of this vendor for this machine and product. Whether it has run out is for the status to say. */
export const believeLease = async (token: string, { root, machine, product, revocations }: MeantFor): Promise<Belief> => {
  try {
    const verified = await verifyLease(token, { root, atMs: 'any-time', machine, product });
    if (revocations !== undefined && isRevoked(revocations, { certificate: verified.certificate.jti, keys: verified.keys })) return { believed: false, ...REVOKED };
    return { believed: true, lease: heldLeaseOf(token, verified.claims), verified };
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
    return { believed: false, reason: error.reason, detail: error.detail };
  }
};
