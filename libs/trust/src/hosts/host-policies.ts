import { hostPoliciesClaimsSchema, tokenTypes } from '@muster/contracts';
import type { HostPoliciesClaims } from '@muster/contracts';
import { toNumericDate } from '@muster/kernel';
import type { PublicJwk } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import { digestOf } from '../tokens/compact-jws.js';
import { TokenRefused } from '../tokens/token-refused.js';
import type { At } from '../vendor/validity.js';
import { BACKDATED_SECONDS } from '../vendor/validity.js';
import type { VerifiedVendorToken } from '../vendor/vendor-token.js';
import { signVendorToken, verifyVendorToken } from '../vendor/vendor-token.js';

const kind = { typ: tokenTypes.hostPolicies, schema: hostPoliciesClaimsSchema };

/**
 * Signs the policies that travel with a host key: all of a host certificate but the host, its serial and its dates.
 *
 * @throws Error when the claims do not fit their schema, or `chain` is not that of `vendorKey`
 */
export const issueHostPolicies = ({ claims, vendorKey }: { readonly claims: HostPoliciesClaims; readonly vendorKey: SigningKey }): Promise<string> =>
  signVendorToken({ ...kind, claims, key: vendorKey });

export interface VerifiedHostPolicies extends VerifiedVendorToken<HostPoliciesClaims> {
  readonly jws: string;
  readonly digest: string;
}

/**
 * Verifies a policies file against the pinned root; at `atMs` the intermediate that signed it is still valid and nothing is dated ahead.
 *
 * @throws TokenRefused `malformed`, `wrong-type`, `unknown-key` (another vendor), `signature-invalid`, `intermediate-not-valid`, `not-yet-valid`
 */
export const verifyHostPolicies = async (jws: string, { root, atMs }: { readonly root: PublicJwk; readonly atMs: At }): Promise<VerifiedHostPolicies> => {
  const verified = await verifyVendorToken(jws, { ...kind, root, atMs });
  if (atMs !== 'any-time' && verified.claims.iat > toNumericDate(atMs) + BACKDATED_SECONDS) throw new TokenRefused('not-yet-valid', 'the policies are dated ahead');
  return { ...verified, jws, digest: digestOf(jws) };
};
