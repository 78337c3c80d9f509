import type { PresentedLease } from '@muster/domain';
import type { PublicJwk } from '@muster/trust';
import { digestOf, isTokenRefused, verifyLease } from '@muster/trust';

/**
 * Looks at the signatures of what a machine presents as its lease: does it chain to the vendor, whichever host issued it? Whether it is good now, and
 * this machine's, is decided with the rest of the request; a request that is known already is answered whatever became of its lease.
 */
export const presentLease = async (lease: string, root: PublicJwk): Promise<PresentedLease> => {
  const digest = digestOf(lease);
  try {
    const { claims, certificate } = await verifyLease(lease, { root, atMs: 'any-time' });
    const { jti: leaseId, iss: host, sub: machine, aud: product, iat: issuedAt, exp: expiresAt } = claims;
    return { status: 'genuine', digest, leaseId, host, organisation: certificate.organisation, machine, product, issuedAt, expiresAt };
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
    return { status: 'not-trusted', digest, detail: `The lease is not believed: ${error.detail}.` };
  }
};
