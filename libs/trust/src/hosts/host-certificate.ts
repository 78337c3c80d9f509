import { hostCertificateClaimsSchema, tokenTypes } from '@muster/contracts';
import type { HostCertificateClaims } from '@muster/contracts';
import type { PublicJwk } from '../keys/public-jwk.js';
import { thumbprintOf } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import { rememberVerified } from '../tokens/remember-verified.js';
import { signToken, verifyToken } from '../tokens/signed-token.js';
import { TokenRefused } from '../tokens/token-refused.js';
import type { VendorSigner } from '../vendor/intermediate-certificate.js';
import { checkFitsIntermediate, vendorSignerOf } from '../vendor/intermediate-certificate.js';
import type { At } from '../vendor/validity.js';
import { certificateStandingAt } from '../vendor/validity.js';

const typ = tokenTypes.hostCertificate;

const namesItsKey = (claims: HostCertificateClaims): boolean => claims.sub === thumbprintOf(claims.cnf.jwk);

/**
 * Signs a host certificate with the vendor's root key, or with that of an intermediate.
 *
 * @throws Error when the claims do not fit their schema or `sub` is not the thumbprint of `cnf.jwk`
 */
export const issueHostCertificate = async ({ claims, vendorKey }: { readonly claims: HostCertificateClaims; readonly vendorKey: SigningKey }): Promise<string> => {
  const checked = hostCertificateClaimsSchema.parse(claims);
  if (!namesItsKey(checked)) throw new Error('the host id is not the thumbprint of the host key');
  return signToken({ typ, claims: checked, key: vendorKey });
};

export interface HostCertificateChain {
  readonly root: PublicJwk;
  /** The certificate of the intermediate that signed, where it was not the root. */
  readonly intermediate?: string | undefined;
}

export interface ChainedHostCertificate extends VendorSigner {
  readonly certificate: HostCertificateClaims;
}

const verifyLinks = async (jws: string, { root, intermediate }: HostCertificateChain): Promise<ChainedHostCertificate> => {
  const found = await vendorSignerOf(intermediate, { root, atMs: 'any-time' });
  const certificate = await verifyToken(jws, { typ, key: found.signer, schema: hostCertificateClaimsSchema });
  if (!namesItsKey(certificate)) throw new TokenRefused('host-mismatch', 'the host id is not the thumbprint of the host key');
  checkFitsIntermediate(certificate, found.intermediate);
  return { ...found, certificate };
};

/** Verifies both links, whether or not they are valid today. @throws TokenRefused as {@link verifyHostCertificate} */
export const verifyHostCertificateChain = rememberVerified(verifyLinks, (jws, { root, intermediate = '' }) => [root.x, jws, intermediate]);

/**
 * Verifies a host certificate against the pinned root, and its validity at `atMs` unless that is `any-time`.
 *
 * One that an intermediate signed was issued within the intermediate's validity and does not end after it, so the intermediate's own
 * validity says nothing more.
 *
 * @throws TokenRefused `malformed`, `wrong-type`, `unknown-key` (another vendor), `signature-invalid`, `host-mismatch`,
 * `intermediate-not-valid`, `not-yet-valid`, `expired`
 */
export const verifyHostCertificate = async (jws: string, { root, atMs, intermediate }: HostCertificateChain & { readonly atMs: At }): Promise<HostCertificateClaims> => {
  const { certificate } = await verifyHostCertificateChain(jws, { root, intermediate });
  const standing = atMs === 'any-time' ? 'valid' : certificateStandingAt(certificate, atMs);
  if (standing !== 'valid') throw new TokenRefused(standing, `the host certificate is ${standing === 'expired' ? 'past its end' : 'not valid yet'}`);
  return certificate;
};
