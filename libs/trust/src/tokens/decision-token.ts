import type { HostCertificateClaims, LeaseClaims, ReceiptClaims } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import type { z } from 'zod';
import type { PublicJwk } from '../keys/public-jwk.js';
import { certificateStandingAt, withRenewalGrace } from '../vendor/validity.js';
import type { Verified } from './host-word.js';
import { verifyHostWord } from './host-word.js';
import type { KeyedTokenType } from './signed-token.js';
import { TokenRefused } from './token-refused.js';

type Decision = LeaseClaims | ReceiptClaims;

/** What the verifier knows of itself: a copied lease is genuine, but another machine's. */
export interface MeantFor {
  readonly machine?: string;
  readonly product?: string;
}

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
  const inForce = isOfRenewal(claims) ? withRenewalGrace(certificate) : certificate;
  if (certificateStandingAt(inForce, claims.iat * SECOND_MS) !== 'valid') {
    throw new TokenRefused('certificate-not-valid', 'the host certificate was not valid when the token was made');
  }
};

/**
 * What leases and receipts share: the chain leads to the root and was valid when the token was made, the host that it names signed it
 * (itself, or with a key that it vouches for), and the vendor lets that host serve the product.
 *
 * When the host vouched for a key is not held against the token's date: a repeat after a rotation is the old outcome under the new key.
 */
export const verifyDecision = async <Claims extends Decision>(
  token: string,
  { meantFor, ...kind }: { readonly typ: KeyedTokenType; readonly schema: z.ZodType<Claims>; readonly root: PublicJwk; readonly meantFor: MeantFor },
): Promise<Verified<Claims>> => {
  const verified = await verifyHostWord(token, kind);
  const { claims, certificate } = verified;
  checkCertificate(claims, certificate);
  checkCoverage(claims.aud, certificate);
  checkMeantFor(claims, meantFor);
  return verified;
};
