import type { z } from 'zod';
import type { PublicJwk } from '../keys/public-jwk.js';
import { thumbprintOf } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import type { KeyedTokenType } from '../tokens/signed-token.js';
import { readUnverified, signToken, verifyToken } from '../tokens/signed-token.js';
import type { VendorSigner } from './intermediate-certificate.js';
import { checkFitsIntermediate, fitsIntermediate, readIntermediate, vendorSignerOf } from './intermediate-certificate.js';
import type { At } from './validity.js';

/** What the vendor says under a chain of its own: none, or the one intermediate that signed. */
interface VendorClaims {
  readonly iss: string;
  readonly iat: number;
  readonly chain: readonly string[];
}

interface Kind<Claims> {
  readonly typ: KeyedTokenType;
  readonly schema: z.ZodType<Claims>;
}

/** @throws Error when the claims do not fit their schema, or name another signer than `key` in their chain */
export const signVendorToken = async <Claims extends VendorClaims>({ typ, schema, claims, key }: Kind<Claims> & { readonly claims: Claims; readonly key: SigningKey }): Promise<string> => {
  const checked = schema.parse(claims);
  const [chain] = checked.chain;
  const intermediate = chain === undefined ? undefined : readIntermediate(chain);
  if (intermediate !== undefined && intermediate.sub !== key.id) throw new Error(`the chain is that of ${intermediate.sub}, and the key is ${key.id}`);
  const fits = fitsIntermediate(checked, intermediate);
  if (fits !== true) throw new Error(fits);
  return signToken({ typ, claims: checked, key });
};

export interface VerifiedVendorToken<Claims> extends VendorSigner {
  readonly claims: Claims;
  /** Thumbprints of the vendor's keys that it rests on, but for the root: what a revocation list may name. */
  readonly keys: readonly string[];
}

/** @throws TokenRefused `malformed`, `wrong-type`, `unknown-key`, `signature-invalid`, `intermediate-not-valid` */
export const verifyVendorToken = async <Claims extends VendorClaims>(
  token: string,
  { typ, schema, root, atMs = 'any-time' }: Kind<Claims> & { readonly root: PublicJwk; readonly atMs?: At },
): Promise<VerifiedVendorToken<Claims>> => {
  const [chain] = readUnverified(token, { typ, schema }).chain;
  const found = await vendorSignerOf(chain, { root, atMs });
  const claims = await verifyToken(token, { typ, schema, key: found.signer });
  checkFitsIntermediate(claims, found.intermediate);
  return { ...found, claims, keys: found.intermediate === undefined ? [] : [thumbprintOf(found.signer)] };
};
