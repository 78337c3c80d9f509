import { createHash, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** A compact JWS (RFC 7515 section 7.1), taken apart and not yet believed. */
export interface CompactJws {
  readonly header: Buffer;
  readonly payload: Buffer;
  readonly signature: Buffer;
  /** The bytes that the signature is over. */
  readonly signed: Buffer;
}

/**
 * Decodes one part, refusing every spelling but the canonical one (RFC 4648 section 3.5).
 * Lenient decoding would let anybody respell the last character of a signature, and so give one token two digests.
 */
const decodePart = (part: string): Buffer | undefined => {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
};

/** @returns undefined when the token is not three canonical base64url parts */
export const splitCompact = (token: string): CompactJws | undefined => {
  const parts = token.split('.', 4);
  const [first, second, third] = parts;
  if (parts.length !== 3 || first === undefined || second === undefined || third === undefined) return undefined;
  const header = decodePart(first);
  const payload = decodePart(second);
  const signature = decodePart(third);
  if (header === undefined || payload === undefined || signature === undefined) return undefined;
  return { header, payload, signature, signed: Buffer.from(`${first}.${second}`, 'latin1') };
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws Error when the bytes are not UTF-8 or not JSON */
export const parseJsonBytes = (bytes: Uint8Array): unknown => JSON.parse(utf8.decode(bytes));

/** Base64url SHA-256 over the token as it travels: how a lease is cited and a certificate is named. */
export const digestOf = (token: string): string => createHash('sha256').update(token, 'latin1').digest('base64url');

/**
 * `node:crypto` instead of `jose`: one signature is made for every decision. With a lease of ordinary size (its chain is 1.6 kB) jose costs
 * 92 µs of processor time, this with the canonical JSON 64, the bare signature 44; `bench/verify.bench.mjs` repeats the measurement.
 * In libuv's threads, so that several are made at once.
 */
const signEd25519 = promisify(sign);

/** The bytes that a signature is over (RFC 7515 section 5.1), as text. */
export const signingInputOf = ({ header, payload }: { readonly header: object; readonly payload: string }): string =>
  `${Buffer.from(JSON.stringify(header), 'utf8').toString('base64url')}.${Buffer.from(payload, 'utf8').toString('base64url')}`;

/** The compact serialization (RFC 7515 section 7.1) of `payload` under `header`, signed with Ed25519: the same input gives the same bytes. */
export const signCompact = async ({ privateKey, ...toSign }: { readonly header: object; readonly payload: string; readonly privateKey: KeyObject }): Promise<string> => {
  const signed = signingInputOf(toSign);
  const signature = await signEd25519(null, Buffer.from(signed, 'latin1'), privateKey);
  return `${signed}.${signature.toString('base64url')}`;
};
