import type { HostCertificateClaims, LeaseClaims, ReceiptClaims } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import type { z } from 'zod';
import { isVouchedFor, verifySigningKey } from '../hosts/delegated-key.js';
import type { ChainedHostCertificate } from '../hosts/host-certificate.js';
import { verifyHostCertificateChain } from '../hosts/host-certificate.js';
import type { PublicJwk } from '../keys/public-jwk.js';
import { thumbprintOf } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import { certificateStandingAt } from '../vendor/validity.js';
import type { KeyedTokenType } from './signed-token.js';
import { readUnverified, signToken, verifyToken } from './signed-token.js';
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
  /** Thumbprints of the keys that it rests on, but for the root: what a revocation list may name. */
  readonly keys: readonly string[];
}

/** @throws Error when `key` is neither the host key that `iss` names nor the key that `signer` vouches for: nobody could verify such a token */
export const signDecision = (typ: KeyedTokenType, claims: Decision, key: SigningKey): Promise<string> => {
  const { iss: host, signer } = claims;
  if (signer === undefined ? host !== key.id : !isVouchedFor(key, { signer, host })) throw new Error(`host ${host} cannot be signed for with the key of ${key.id}`);
  return signToken({ typ, claims, key });
};

/** The host certificate, and the intermediate that signed it unless the root did. */
const verifyChain = ([certificate, intermediate, ...others]: readonly string[], root: PublicJwk): Promise<ChainedHostCertificate> => {
  // One that nobody checks must not look as if it had been.
  if (certificate === undefined || others.length > 0) throw new TokenRefused('chain-not-understood', 'the chain is not one host certificate and at most one intermediate');
  return verifyHostCertificateChain(certificate, { root, intermediate });
};

/** The key that the host signs with: its own, or the one that it vouches for. */
const signingKeyOf = async (signer: string | undefined, { cnf: { jwk } }: HostCertificateClaims): Promise<PublicJwk> =>
  signer === undefined ? jwk : (await verifySigningKey(signer, { hostPublicKey: jwk })).cnf.jwk;

const checkCoverage = (product: string, certificate: HostCertificateClaims): void => {
  const rankOf = (group: string | undefined) => certificate.groups.find(({ name }) => name === group)?.rank;
  const rank = rankOf(certificate.products.find(({ name }) => name === product)?.group);
  const covered = rankOf(certificate.coversGroup);
  if (rank === undefined || covered === undefined || rank > covered) throw new TokenRefused('product-not-covered', `the host may not serve ${product}`);
};

export const checkMeantFor = ({ sub, aud }: { readonly sub: string; readonly aud: string }, { machine, product }: MeantFor): void => {
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

const keysOf = ({ certificate, intermediate }: ChainedHostCertificate, signingKey: PublicJwk): readonly string[] => [
  ...new Set([certificate.sub, thumbprintOf(signingKey), ...(intermediate === undefined ? [] : [intermediate.sub])]),
];

/**
 * What leases and receipts share: the chain leads to the root and was valid when the token was made, the host that it names signed it
 * (itself, or with a key that it vouches for), and the vendor lets that host serve the product.
 *
 * When the host vouched for a key is not held against the token's date: a repeat after a rotation is the old outcome under the new key.
 */
export const verifyDecision = async <Claims extends Decision>(
  token: string,
  { typ, schema, root, meantFor }: { readonly typ: KeyedTokenType; readonly schema: z.ZodType<Claims>; readonly root: PublicJwk; readonly meantFor: MeantFor },
): Promise<Verified<Claims>> => {
  const { chain, signer } = readUnverified(token, { typ, schema });
  const chained = await verifyChain(chain, root);
  const { certificate } = chained;
  const key = await signingKeyOf(signer, certificate);
  const claims = await verifyToken(token, { typ, key, schema });
  if (claims.iss !== certificate.sub) throw new TokenRefused('host-mismatch', 'the issuer is not the host of the certificate');
  checkCertificate(claims, certificate);
  checkCoverage(claims.aud, certificate);
  checkMeantFor(claims, meantFor);
  return { claims, certificate, keys: keysOf(chained, key) };
};
