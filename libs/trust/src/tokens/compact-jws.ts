import { createHash } from 'node:crypto';

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
