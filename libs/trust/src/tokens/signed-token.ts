import { canonicalJson, SIGNATURE_ALGORITHM, thumbprint } from '@muster/contracts';
import type { tokenTypes } from '@muster/contracts';
import { compactVerify, importJWK } from 'jose';
import { z } from 'zod';
import type { PublicJwk } from '../keys/public-jwk.js';
import { thumbprintOf } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import type { CompactJws } from './compact-jws.js';
import { parseJsonBytes, signCompact, signingInputOf, splitCompact } from './compact-jws.js';
import { firstIssueOf } from './schema-issue.js';
import { TokenRefused } from './token-refused.js';

/** Tokens that name their key by `kid`; a machine's request brings its key along instead. */
export type KeyedTokenType = (typeof tokenTypes)[
  | 'hostCertificate'
  | 'lease'
  | 'receipt'
  | 'intermediateCertificate'
  | 'hostPolicies'
  | 'signingKey'
  | 'revocationList'
  | 'permanentLease'
  | 'hostProof'];

/** Exactly these members: no `crit`, no `jwk`, no `jku`, no `x5u` ever says which key to believe. */
const keyedHeaderSchema = z.strictObject({ alg: z.literal(SIGNATURE_ALGORITHM), typ: z.string(), kid: thumbprint });

interface ToSign {
  readonly typ: KeyedTokenType;
  readonly claims: object;
}

const unsigned = ({ typ, claims, kid }: ToSign & { readonly kid: string }) => ({ header: { alg: SIGNATURE_ALGORITHM, typ, kid }, payload: canonicalJson(claims) });

/** Header and payload as they are signed: who knows the claims and has the signature can rebuild a token. */
export const bytesToSign = (toSign: ToSign & { readonly kid: string }): string => signingInputOf(unsigned(toSign));

/** Signs claims as a compact JWS; the same claims give the same bytes, since Ed25519 is deterministic and the JSON canonical. */
export const signToken = ({ key, ...toSign }: ToSign & { readonly key: SigningKey }): Promise<string> => signCompact({ ...unsigned({ ...toSign, kid: key.id }), privateKey: key.privateKey });

const parsePart = <T>(part: 'header' | 'payload', bytes: Buffer, schema: z.ZodType<T>): T => {
  let value: unknown;
  try {
    value = parseJsonBytes(bytes);
  } catch (error) {
    throw new TokenRefused('malformed', `the ${part} is not JSON`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { pointer, message } = firstIssueOf(parsed.error);
  throw new TokenRefused('malformed', `/${part}${pointer}: ${message}`);
};

const split = (token: string): CompactJws => {
  const parts = splitCompact(token);
  if (parts === undefined) throw new TokenRefused('malformed', 'not three base64url parts');
  return parts;
};

/** The `kid` of a token of this kind. Told apart by type before the payload is looked at: one kind is never read as another. */
const kidOf = (header: Buffer, typ: KeyedTokenType): string => {
  const stated = parsePart('header', header, keyedHeaderSchema);
  if (stated.typ !== typ) throw new TokenRefused('wrong-type', `typ is not ${typ}`);
  return stated.kid;
};

interface Kind<T> {
  readonly typ: KeyedTokenType;
  readonly schema: z.ZodType<T>;
}

/** What a token says, before anybody knows whether it is true: only to find the key that it must be verified with. */
export const readUnverified = <T>(token: string, { typ, schema }: Kind<T>): T => {
  const { header, payload } = split(token);
  kidOf(header, typ);
  return parsePart('payload', payload, schema);
};

/** @throws TokenRefused `malformed`, `wrong-type`, `unknown-key` or `signature-invalid` */
export const verifyToken = async <T>(
  token: string,
  { typ, key, schema }: Kind<T> & { readonly key: PublicJwk },
): Promise<T> => {
  const { header, payload } = split(token);
  const kid = thumbprintOf(key);
  if (kidOf(header, typ) !== kid) throw new TokenRefused('unknown-key', `kid is not ${kid}`);
  try {
    await compactVerify(token, await importJWK({ ...key }, SIGNATURE_ALGORITHM), { algorithms: [SIGNATURE_ALGORITHM] });
  } catch (error) {
    throw new TokenRefused('signature-invalid', 'the signature does not verify', { cause: error });
  }
  return parsePart('payload', payload, schema);
};
