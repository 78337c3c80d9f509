import { revocationListClaimsSchema, tokenTypes } from '@muster/contracts';
import type { RevocationListClaims } from '@muster/contracts';
import type { PublicJwk } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import { readIntermediate } from './intermediate-certificate.js';
import type { VerifiedVendorToken } from './vendor-token.js';
import { signVendorToken, verifyVendorToken } from './vendor-token.js';

const kind = { typ: tokenTypes.revocationList, schema: revocationListClaimsSchema };

/** @throws Error when the claims do not fit their schema, or `chain` is not that of `vendorKey` */
export const signRevocationList = ({ claims, vendorKey }: { readonly claims: RevocationListClaims; readonly vendorKey: SigningKey }): Promise<string> =>
  signVendorToken({ ...kind, claims, key: vendorKey });

export type VerifiedRevocationList = VerifiedVendorToken<RevocationListClaims>;

/**
 * Verifies a list against the pinned root. Whether it is newer than another is for {@link compareRevocationLists} to say.
 *
 * @throws TokenRefused `malformed`, `wrong-type`, `unknown-key` (another vendor), `signature-invalid`, `intermediate-not-valid`
 */
export const verifyRevocationList = (jws: string, { root }: { readonly root: PublicJwk }): Promise<VerifiedRevocationList> => verifyVendorToken(jws, { ...kind, root });

/** What something rests on: a verified lease's certificate and keys, a permanent lease's keys. */
export interface RestsOn {
  /** Serial of the host certificate (`jti`), where there is one. */
  readonly certificate?: string | undefined;
  readonly keys: readonly string[];
}

/** Whether the vendor took back any of what something rests on. */
export const isRevoked = (list: Pick<RevocationListClaims, 'certificates' | 'keys'>, { certificate, keys }: RestsOn): boolean =>
  (certificate !== undefined && list.certificates.includes(certificate)) || keys.some((key) => list.keys.includes(key));

export type ListComparison = 'newer' | 'same' | 'older' | 'signer-revoked' | 'another-vendor';

/** Thumbprint of the intermediate that signed a list; undefined for the root, which nothing revokes. */
const signerOf = ({ chain: [intermediate] }: Pick<RevocationListClaims, 'chain'>): string | undefined => (intermediate === undefined ? undefined : readIntermediate(intermediate).sub);

/**
 * Whether a verified list may take the place of the one in force.
 *
 * Not when an intermediate signed it that the one in force revokes: whoever stole that key could undo its own revocation with a higher number. The other way
 * round, one that revokes the signer of the list in force takes its place whatever its number: a thief may have signed the highest number there is.
 */
export const compareRevocationLists = (offered: VerifiedRevocationList, inForce: RevocationListClaims | undefined): ListComparison => {
  if (inForce === undefined) return 'newer';
  if (offered.claims.iss !== inForce.iss) return 'another-vendor';
  if (isRevoked(inForce, offered)) return 'signer-revoked';
  const signer = signerOf(inForce);
  if (signer !== undefined && offered.claims.keys.includes(signer) && !offered.keys.includes(signer)) return 'newer';
  if (offered.claims.sequence === inForce.sequence) return 'same';
  return offered.claims.sequence > inForce.sequence ? 'newer' : 'older';
};
