import { hostCertificateClaimsSchema, tokenTypes } from '@muster/contracts';
import type { HostCertificateClaims } from '@muster/contracts';
import { toNumericDate } from '@muster/kernel';
import type { PublicJwk } from '../keys/public-jwk.js';
import { thumbprintOf } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import { signToken, verifyToken } from '../tokens/signed-token.js';
import { TokenRefused } from '../tokens/token-refused.js';

/** History stays verifiable after its certificates end; whoever judges the present must say at which moment. */
export type At = number | 'any-time';

const typ = tokenTypes.hostCertificate;

const namesItsKey = (claims: HostCertificateClaims): boolean => claims.sub === thumbprintOf(claims.cnf.jwk);

/**
 * Signs a host certificate with the vendor's root key.
 *
 * @throws Error when the claims do not fit their schema or `sub` is not the thumbprint of `cnf.jwk`
 */
export const issueHostCertificate = async ({ claims, vendorKey }: { readonly claims: HostCertificateClaims; readonly vendorKey: SigningKey }): Promise<string> => {
  const checked = hostCertificateClaimsSchema.parse(claims);
  if (!namesItsKey(checked)) throw new Error('the host id is not the thumbprint of the host key');
  return signToken({ typ, claims: checked, key: vendorKey });
};

export type CertificateStanding = 'valid' | 'not-yet-valid' | 'expired';

/** Valid from `nbf` on and before `exp`. */
export const certificateStandingAt = ({ nbf, exp }: Pick<HostCertificateClaims, 'nbf' | 'exp'>, atMs: number): CertificateStanding => {
  const at = toNumericDate(atMs);
  if (at < nbf) return 'not-yet-valid';
  return at < exp ? 'valid' : 'expired';
};

/**
 * Verifies a host certificate against the pinned root, and its validity at `atMs` unless that is `any-time`.
 *
 * @throws TokenRefused `malformed`, `wrong-type`, `unknown-key` (another vendor), `signature-invalid`, `host-mismatch`, `not-yet-valid`, `expired`
 */
export const verifyHostCertificate = async (jws: string, { root, atMs }: { readonly root: PublicJwk; readonly atMs: At }): Promise<HostCertificateClaims> => {
  const claims = await verifyToken(jws, { typ, key: root, schema: hostCertificateClaimsSchema });
  if (!namesItsKey(claims)) throw new TokenRefused('host-mismatch', 'the host id is not the thumbprint of the host key');
  const standing = atMs === 'any-time' ? 'valid' : certificateStandingAt(claims, atMs);
  if (standing !== 'valid') throw new TokenRefused(standing, `the host certificate is ${standing === 'expired' ? 'past its end' : 'not valid yet'}`);
  return claims;
};
