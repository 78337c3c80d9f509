import { signingKeyClaimsSchema, tokenTypes } from '@muster/contracts';
import type { SigningKeyClaims } from '@muster/contracts';
import type { PublicJwk } from '../keys/public-jwk.js';
import { thumbprintOf } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import { rememberVerified } from '../tokens/remember-verified.js';
import { readUnverified, signToken, verifyToken } from '../tokens/signed-token.js';
import { TokenRefused } from '../tokens/token-refused.js';

const typ = tokenTypes.signingKey;
const schema = signingKeyClaimsSchema;

export interface KeyToVouchFor {
  /** The key that the vendor certified. */
  readonly hostKey: SigningKey;
  /** The other key of the same host, which may sign leases and receipts from now on. */
  readonly publicKey: PublicJwk;
  /** A NumericDate. */
  readonly iat: number;
}

/**
 * Signs the host key's word for another key of the same host. It has no end of its own: it is good while the host's certificate is.
 *
 * @throws Error when the key is the host key itself, which needs nobody's word
 */
export const signSigningKey = async ({ hostKey, publicKey, iat }: KeyToVouchFor): Promise<string> => {
  const claims: SigningKeyClaims = { iss: hostKey.id, sub: thumbprintOf(publicKey), iat, cnf: { jwk: { ...publicKey } } };
  if (claims.sub === hostKey.id) throw new Error('the host key needs no word of its own');
  return signToken({ typ, claims: schema.parse(claims), key: hostKey });
};

const verifyWord = async (jws: string, { hostPublicKey }: { readonly hostPublicKey: PublicJwk }): Promise<SigningKeyClaims> => {
  const claims = await verifyToken(jws, { typ, key: hostPublicKey, schema });
  if (claims.iss !== thumbprintOf(hostPublicKey)) throw new TokenRefused('host-mismatch', 'the issuer is not the host that signed');
  if (claims.sub !== thumbprintOf(claims.cnf.jwk)) throw new TokenRefused('host-mismatch', 'it does not name the key that it vouches for');
  return claims;
};

/**
 * Verifies a host key's word for another key; the certificate that makes it a host key is verified elsewhere.
 *
 * @throws TokenRefused `malformed`, `wrong-type`, `unknown-key` (another host's), `signature-invalid`, `host-mismatch`
 */
export const verifySigningKey = rememberVerified(verifyWord, (jws, { hostPublicKey }) => [hostPublicKey.x, jws]);

/** For each key the word that it was last found to be named in: a host signs thousands of leases under one. */
const wordsRead = new WeakMap<SigningKey, { readonly signer: string; readonly host: string }>();

/** Whether a word names this host and this key; whether the host key gave it is for those who believe it to find. */
export const isVouchedFor = (key: SigningKey, { signer, host }: { readonly signer: string; readonly host: string }): boolean => {
  const read = wordsRead.get(key);
  if (read?.signer === signer && read.host === host) return true;
  const { iss, sub } = readUnverified(signer, { typ, schema });
  if (iss !== host || sub !== key.id) return false;
  wordsRead.set(key, { signer, host });
  return true;
};
