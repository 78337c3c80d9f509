import type { HostCertificateClaims } from '@muster/contracts';
import type { z } from 'zod';
import { isVouchedFor, verifySigningKey } from '../hosts/delegated-key.js';
import type { ChainedHostCertificate } from '../hosts/host-certificate.js';
import { verifyHostCertificateChain } from '../hosts/host-certificate.js';
import type { PublicJwk } from '../keys/public-jwk.js';
import { thumbprintOf } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import type { KeyedTokenType } from './signed-token.js';
import { readUnverified, signToken, verifyToken } from './signed-token.js';
import { TokenRefused } from './token-refused.js';

/** The members that lead from a host's token to the vendor's root. */
interface HostClaims {
  readonly iss: string;
  readonly signer?: string | undefined;
  readonly chain: readonly string[];
}

export interface Verified<Claims> {
  readonly claims: Claims;
  readonly certificate: HostCertificateClaims;
  /** Thumbprints of the keys that it rests on, but for the root: what a revocation list may name. */
  readonly keys: readonly string[];
}

/** @throws Error when `key` is neither the host key that `iss` names nor the key that `signer` vouches for: nobody could verify such a token */
export const signHostWord = (typ: KeyedTokenType, claims: HostClaims, key: SigningKey): Promise<string> => {
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

const keysOf = ({ certificate, intermediate }: ChainedHostCertificate, signingKey: PublicJwk): readonly string[] => [
  ...new Set([certificate.sub, thumbprintOf(signingKey), ...(intermediate === undefined ? [] : [intermediate.sub])]),
];

/** Whose word a token is: the chain leads to the root, and the host that it names signed it, itself or with a key that it vouches for. When, is for the caller to judge. */
export const verifyHostWord = async <Claims extends HostClaims>(
  token: string,
  { typ, schema, root }: { readonly typ: KeyedTokenType; readonly schema: z.ZodType<Claims>; readonly root: PublicJwk },
): Promise<Verified<Claims>> => {
  const { chain, signer } = readUnverified(token, { typ, schema });
  const chained = await verifyChain(chain, root);
  const { certificate } = chained;
  const key = await signingKeyOf(signer, certificate);
  const claims = await verifyToken(token, { typ, key, schema });
  if (claims.iss !== certificate.sub) throw new TokenRefused('host-mismatch', 'the issuer is not the host of the certificate');
  return { claims, certificate, keys: keysOf(chained, key) };
};
