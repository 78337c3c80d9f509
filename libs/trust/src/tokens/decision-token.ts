import type { HostCertificateClaims, LeaseClaims, ReceiptClaims } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import type { z } from 'zod';
import { verifyHostCertificate } from '../hosts/host-certificate.js';
import type { PublicJwk } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import type { KeyedTokenType } from './signed-token.js';
import { readUnverified, signToken, verifyToken } from './signed-token.js';
import { certificateStandingAt } from '../vendor/validity.js';
import { TokenRefused } from './token-refused.js';

type Decision = LeaseClaims | ReceiptClaims;

/** What the verifier knows of itself: a copied lease is genuine, but another machine's. */
export interface MeantFor {
  readonly machine?: string;
  readonly product?: string;
}

export interface Verified<Claims> {
  readonly claims: Claims;
  readonly certificate: HostCertificateClaims;
}

/** @throws Error when `iss` is not the signing key's host: nobody could verify such a token */
export const signDecision = (typ: KeyedTokenType, claims: Decision, key: SigningKey): Promise<string> => {
  if (claims.iss !== key.id) throw new Error(`host ${claims.iss} cannot be signed for with the key of ${key.id}`);
  return signToken({ typ, claims, key });
};

const onlyCertificateOf = (chain: readonly string[]): string => {
  const [certificate, ...others] = chain;
  // Intermediates are for a later format; one that nobody checks must not look as if it had been.
  if (certificate === undefined || others.length > 0) throw new TokenRefused('chain-not-understood', 'the chain is not exactly one host certificate');
  return certificate;
};

const checkCoverage = (product: string, certificate: HostCertificateClaims): void => {
  const rankOf = (group: string | undefined) => certificate.groups.find(({ name }) => name === group)?.rank;
  const rank = rankOf(certificate.products.find(({ name }) => name === product)?.group);
  const covered = rankOf(certificate.coversGroup);
  if (rank === undefined || covered === undefined || rank > covered) throw new TokenRefused('product-not-covered', `the host may not serve ${product}`);
};

const checkMeantFor = ({ sub, aud }: Decision, { machine, product }: MeantFor): void => {
  if (machine !== undefined && sub !== machine) throw new TokenRefused('not-meant-for-this', 'it names another machine');
  if (product !== undefined && aud !== product) throw new TokenRefused('not-meant-for-this', 'it names another product');
};

const isOfRenewal = (claims: Decision): boolean => ('outcome' in claims ? claims.outcome === 'renewal-deferred' : claims.renews !== undefined);

/** What answers a renewal may also be made in the certificate's renewal grace (DESIGN section 5). */
const checkCertificate = (claims: Decision, certificate: HostCertificateClaims): void => {
  const graceSeconds = isOfRenewal(claims) ? certificate.renewalGraceSeconds : 0;
  const inForce = { nbf: certificate.nbf, exp: certificate.exp + graceSeconds };
  if (certificateStandingAt(inForce, claims.iat * SECOND_MS) !== 'valid') {
    throw new TokenRefused('certificate-not-valid', 'the host certificate was not valid when the token was made');
  }
};

/**
 * What leases and receipts share: the chain leads to the root and was valid when the token was made, the host that it names signed it,
 * and the vendor lets that host serve the product.
 */
export const verifyDecision = async <Claims extends Decision>(
  token: string,
  { typ, schema, root, meantFor }: { readonly typ: KeyedTokenType; readonly schema: z.ZodType<Claims>; readonly root: PublicJwk; readonly meantFor: MeantFor },
): Promise<Verified<Claims>> => {
  const { chain } = readUnverified(token, { typ, schema });
  const certificate = await verifyHostCertificate(onlyCertificateOf(chain), { root, atMs: 'any-time' });
  const claims = await verifyToken(token, { typ, key: certificate.cnf.jwk, schema });
  if (claims.iss !== certificate.sub) throw new TokenRefused('host-mismatch', 'the issuer is not the host of the certificate');
  checkCertificate(claims, certificate);
  checkCoverage(claims.aud, certificate);
  checkMeantFor(claims, meantFor);
  return { claims, certificate };
};
