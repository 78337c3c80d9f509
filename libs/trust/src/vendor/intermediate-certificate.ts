import { intermediateCertificateClaimsSchema, tokenTypes } from '@muster/contracts';
import type { IntermediateCertificateClaims } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import type { PublicJwk } from '../keys/public-jwk.js';
import { thumbprintOf } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import { readUnverified, signToken, verifyToken } from '../tokens/signed-token.js';
import { TokenRefused } from '../tokens/token-refused.js';
import type { At } from './validity.js';
import { certificateStandingAt } from './validity.js';

const typ = tokenTypes.intermediateCertificate;
const schema = intermediateCertificateClaimsSchema;

const namesItsKey = ({ sub, cnf }: IntermediateCertificateClaims): boolean => sub === thumbprintOf(cnf.jwk);

/**
 * Signs, with the root, a key that signs for the vendor day to day.
 *
 * @throws Error when the claims do not fit their schema, or `sub` is not the thumbprint of `cnf.jwk`
 */
export const issueIntermediateCertificate = async ({ claims, rootKey }: { readonly claims: IntermediateCertificateClaims; readonly rootKey: SigningKey }): Promise<string> => {
  const checked = schema.parse(claims);
  if (!namesItsKey(checked)) throw new Error('the intermediate is not named by the thumbprint of its key');
  return signToken({ typ, claims: checked, key: rootKey });
};

/**
 * Verifies an intermediate certificate against the pinned root, and its validity at `atMs` unless that is `any-time`.
 *
 * @throws TokenRefused `malformed`, `wrong-type`, `unknown-key` (not the root's), `signature-invalid`, `intermediate-not-valid`
 */
export const verifyIntermediateCertificate = async (jws: string, { root, atMs }: { readonly root: PublicJwk; readonly atMs: At }): Promise<IntermediateCertificateClaims> => {
  const claims = await verifyToken(jws, { typ, key: root, schema });
  if (!namesItsKey(claims)) throw new TokenRefused('intermediate-not-valid', 'the intermediate is not named by the thumbprint of its key');
  const standing = atMs === 'any-time' ? 'valid' : certificateStandingAt(claims, atMs);
  if (standing !== 'valid') throw new TokenRefused('intermediate-not-valid', `the intermediate certificate is ${standing === 'expired' ? 'past its end' : 'not valid yet'}`);
  return claims;
};

/** Whose key the vendor's word must verify with: the root's own, or that of the intermediate which the root signed. */
export interface VendorSigner {
  readonly signer: PublicJwk;
  readonly intermediate?: IntermediateCertificateClaims;
}

/** @throws TokenRefused as {@link verifyIntermediateCertificate} */
export const vendorSignerOf = async (intermediate: string | undefined, { root, atMs }: { readonly root: PublicJwk; readonly atMs: At }): Promise<VendorSigner> => {
  if (intermediate === undefined) return { signer: root };
  const claims = await verifyIntermediateCertificate(intermediate, { root, atMs });
  return { signer: claims.cnf.jwk, intermediate: claims };
};

/** What an intermediate signs is dated within its own validity, in the name of its own vendor, and ends, if it ends, no later than itself. */
export const fitsIntermediate = (
  { iss, iat, exp }: { readonly iss: string; readonly iat: number; readonly exp?: number },
  intermediate: IntermediateCertificateClaims | undefined,
): true | string => {
  if (intermediate === undefined) return true;
  if (iss !== intermediate.iss) return "the intermediate is another vendor's";
  if (certificateStandingAt(intermediate, iat * SECOND_MS) !== 'valid') return 'the intermediate was not valid when it signed';
  return exp === undefined || exp <= intermediate.exp || 'the intermediate ends before what it signed';
};

/** @throws TokenRefused `intermediate-not-valid` */
export const checkFitsIntermediate = (...args: Parameters<typeof fitsIntermediate>): void => {
  const fits = fitsIntermediate(...args);
  if (fits !== true) throw new TokenRefused('intermediate-not-valid', fits);
};

/** What an intermediate of one's own says; whether the root signed it is for those who believe it to find. */
export const readIntermediate = (jws: string): IntermediateCertificateClaims => readUnverified(jws, { typ, schema });
