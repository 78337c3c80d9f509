import { createHash } from 'node:crypto';
import { canonicalJson, hardwareEvidenceSchema, permanentLeaseClaimsSchema, tokenTypes } from '@muster/contracts';
import type { HardwareEvidence, PermanentLeaseClaims } from '@muster/contracts';
import type { PublicJwk } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import type { MeantFor } from '../tokens/decision-token.js';
import { checkMeantFor } from '../tokens/decision-token.js';
import { TokenRefused } from '../tokens/token-refused.js';
import type { VerifiedVendorToken } from './vendor-token.js';
import { signVendorToken, verifyVendorToken } from './vendor-token.js';

const kind = { typ: tokenTypes.permanentLease, schema: permanentLeaseClaimsSchema };

/** Base64url SHA-256 over the canonical JSON of the evidence, for the claim `hardware`; null when no part could be read. */
export const hardwareDigestOf = (hardware: HardwareEvidence): string | null => {
  const known = hardwareEvidenceSchema.parse(hardware);
  return Object.values(known).some((part) => part !== undefined) ? createHash('sha256').update(canonicalJson(known)).digest('base64url') : null;
};

/**
 * Signs what a machine draws from a multiple activation key: the same claims give the same bytes.
 *
 * @throws Error when the claims do not fit their schema, `chain` is not that of `vendorKey`, or `cnf` names another machine than `sub`
 */
export const signPermanentLease = async ({ claims, vendorKey }: { readonly claims: PermanentLeaseClaims; readonly vendorKey: SigningKey }): Promise<string> => {
  if (claims.cnf.jkt !== claims.sub) throw new Error('the lease is bound to another machine than it is for');
  return signVendorToken({ ...kind, claims, key: vendorKey });
};

export type VerifiedPermanentLease = VerifiedVendorToken<PermanentLeaseClaims>;

/**
 * Verifies a permanent lease offline, with nothing but the vendor's root key. It has no end, so there is no moment to name: the chain must
 * have been valid when it was signed. What the vendor took back since, a revocation list says.
 *
 * @throws TokenRefused `malformed` (with an `exp`, too), `wrong-type`, `unknown-key`, `signature-invalid`, `intermediate-not-valid`, `not-meant-for-this`
 */
export const verifyPermanentLease = async (lease: string, { root, ...meantFor }: { readonly root: PublicJwk } & MeantFor): Promise<VerifiedPermanentLease> => {
  const verified = await verifyVendorToken(lease, { ...kind, root });
  if (verified.claims.cnf.jkt !== verified.claims.sub) throw new TokenRefused('malformed', '/payload/cnf/jkt: is not the machine that the lease is for');
  checkMeantFor(verified.claims, meantFor);
  return verified;
};
