import { createSecretKey, type KeyObject } from 'node:crypto';
import { parseName } from '../bytes/name.js';
import { invalid } from '../dns-failure.js';

/** By DNS name (RFC 8945 section 6): Node's digest and the MAC's length in bytes. MD5, SHA-1, SHA-224 and truncated MACs are left out on purpose. */
export const TSIG_ALGORITHMS = {
  'hmac-sha256': { digest: 'sha256', macBytes: 32 },
  'hmac-sha384': { digest: 'sha384', macBytes: 48 },
  'hmac-sha512': { digest: 'sha512', macBytes: 64 },
} as const;

export type TsigAlgorithm = keyof typeof TSIG_ALGORITHMS;

const SECRET_BYTES_MIN = 16; // 128 bits: less can be guessed from one captured message

/** A shared key. The secret is a `KeyObject`, which prints as nothing in logs, errors and JSON. */
export interface TsigKey {
  readonly name: string;
  readonly algorithm: TsigAlgorithm;
  readonly secret: KeyObject;
}

export const isTsigAlgorithm = (name: string): name is TsigAlgorithm => Object.hasOwn(TSIG_ALGORITHMS, name);

/** A key from its parts, the secret in base64 as BIND writes it; throws `invalid` without quoting the secret. */
export function createTsigKey({ name, algorithm, secretBase64 }: { readonly name: string; readonly algorithm: string; readonly secretBase64: string }): TsigKey {
  const wanted = algorithm.toLowerCase();
  if (!isTsigAlgorithm(wanted)) throw invalid(`key ${name}: algorithm ${algorithm} is not one of ${Object.keys(TSIG_ALGORITHMS).join(', ')}`);
  const compact = secretBase64.replace(/\s+/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) throw invalid(`key ${name}: the secret is not base64`);
  const bytes = Buffer.from(compact, 'base64');
  if (bytes.length < SECRET_BYTES_MIN) throw invalid(`key ${name}: the secret has ${bytes.length} bytes, fewer than ${SECRET_BYTES_MIN}`);
  return { name: parseName(name), algorithm: wanted, secret: createSecretKey(bytes) };
}
