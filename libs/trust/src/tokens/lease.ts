import { leaseClaimsSchema, tokenTypes } from '@muster/contracts';
import type { HostCertificateClaims, LeaseClaims } from '@muster/contracts';
import { toNumericDate } from '@muster/kernel';
import type { PublicJwk } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import type { At } from '../vendor/validity.js';
import type { MeantFor } from './decision-token.js';
import { verifyDecision } from './decision-token.js';
import type { Verified } from './host-word.js';
import { signHostWord } from './host-word.js';
import { TokenRefused } from './token-refused.js';

const typ = tokenTypes.lease;

/**
 * Signs a lease with the host's key: the same claims give the same bytes.
 *
 * @throws Error when `iss` is not the id of `key`
 */
export const signLease = (claims: LeaseClaims, key: SigningKey): Promise<string> => signHostWord(typ, claims, key);

const checkLength = ({ aud, iat, exp }: LeaseClaims, certificate: HostCertificateClaims): void => {
  const longest = certificate.products.find(({ name }) => name === aud)?.leaseSeconds ?? 0;
  // Else whoever holds a host key could make a lease that outlives its certificate without end.
  if (exp - iat > longest) throw new TokenRefused('longer-than-policy', `the vendor allows ${longest} s from iat to exp`);
};

/**
 * Verifies a lease offline, with nothing but the vendor's root key, as of `atMs`; `any-time` leaves out whether it has run out.
 *
 * Its certificate must have been valid at its `iat`, for a renewal (claim `renews`) or within the certificate's renewal grace: so nothing is
 * good later than certificate end + grace + lease length.
 *
 * @throws TokenRefused for every reason but `not-yet-valid`
 */
export const verifyLease = async (
  lease: string,
  { root, atMs, ...meantFor }: { readonly root: PublicJwk; readonly atMs: At } & MeantFor,
): Promise<Verified<LeaseClaims>> => {
  const verified = await verifyDecision(lease, { typ, schema: leaseClaimsSchema, root, meantFor });
  const { claims, certificate } = verified;
  if (claims.cnf.jkt !== claims.sub) throw new TokenRefused('malformed', '/payload/cnf/jkt: is not the machine that the lease is for');
  checkLength(claims, certificate);
  if (atMs !== 'any-time' && toNumericDate(atMs) >= claims.exp) throw new TokenRefused('expired', 'the lease is past its end');
  return verified;
};
