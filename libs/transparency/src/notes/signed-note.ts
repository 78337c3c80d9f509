import { createPublicKey, sign, verify } from 'node:crypto';
import type { NoteKey, NoteSigner } from './note-key.js';
import { keyIdHex, noteKeyOfSigner } from './note-key.js';
import { NoteRefused } from './note-refused.js';
import type { NoteSignature } from './note-text.js';
import { formatNote, parseNote } from './note-text.js';

/** A signature that verified; of a cosignature also when its signer saw the note. */
export interface VerifiedSignature {
  readonly key: NoteKey;
  readonly timeSeconds?: number;
}

export interface OpenedNote {
  readonly text: string;
  /** At least one. */
  readonly signatures: readonly VerifiedSignature[];
}

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

const cosignedText = (text: string, timeSeconds: number | bigint): string => `cosignature/v1\ntime ${timeSeconds}\n${text}`;

const signText = (text: string, signer: NoteSigner): Buffer => sign(null, Buffer.from(text, 'utf8'), signer.privateKey);

const noteSignature = (text: string, signer: NoteSigner): NoteSignature => {
  const { name, keyId } = noteKeyOfSigner(signer);
  return { name, keyId, signature: signText(text, signer) };
};

/** A note over `text`, which ends in a newline: the same text and keys give the same bytes. @throws NoteRefused `malformed` */
export const signNote = (text: string, signers: readonly NoteSigner[]): string => formatNote({ text, signatures: signers.map((signer) => noteSignature(text, signer)) });

/** The note with one more signature below the others; who signed it before is not looked at. @throws NoteRefused `malformed`, `too-large` */
export const addSignature = (note: string, signer: NoteSigner): string => {
  const { text, signatures } = parseNote(note);
  return formatNote({ text, signatures: [...signatures, noteSignature(text, signer)] });
};

/** As {@link addSignature}, with the time at which the signer had seen no larger tree of this log (C2SP tlog-cosignature). */
export const addCosignature = (note: string, { signer, timeSeconds }: { readonly signer: NoteSigner; readonly timeSeconds: number }): string => {
  const { text, signatures } = parseNote(note);
  const { name, keyId } = noteKeyOfSigner(signer, 'cosignature');
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigUInt64BE(BigInt(timeSeconds));
  return formatNote({ text, signatures: [...signatures, { name, keyId, signature: Buffer.concat([time, signText(cosignedText(text, timeSeconds), signer)]) }] });
};

const verifies = (text: string, signature: Uint8Array, { publicKey }: NoteKey): boolean => {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, format: 'jwk' });
  return signature.length === SIGNATURE_BYTES && verify(null, Buffer.from(text, 'utf8'), key, signature);
};

const verified = (text: string, signature: Buffer, key: NoteKey): VerifiedSignature | undefined => {
  if (key.type === 'note') return verifies(text, signature, key) ? { key } : undefined;
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const time = signature.readBigUInt64BE();
  return verifies(cosignedText(text, time), signature.subarray(TIME_BYTES), key) ? { key, timeSeconds: Number(time) } : undefined;
};

/**
 * Verifies a note by the keys that are believed. Signatures of other keys are passed over, also where they share a name or an id with a known
 * one: so keys are rotated and witnesses added without anybody's leave.
 *
 * @throws NoteRefused `malformed`, `too-large`, `signature-invalid` (a known key's, whatever the others say), `unknown-key` (nobody known signed)
 */
export const openNote = (note: string | Uint8Array, keys: readonly NoteKey[]): OpenedNote => {
  const { text, signatures } = parseNote(note);
  const found = new Map<NoteKey, VerifiedSignature>();
  for (const { name, keyId, signature } of signatures) {
    const key = keys.find((one) => one.name === name && one.keyId === keyId);
    if (key === undefined) continue;
    const good = verified(text, Buffer.from(signature), key);
    if (good === undefined) throw new NoteRefused('signature-invalid', `the signature of ${name} (${keyIdHex(keyId)}) does not verify`);
    if (!found.has(key)) found.set(key, good);
  }
  if (found.size === 0) throw new NoteRefused('unknown-key', 'no known key signed it');
  return { text, signatures: [...found.values()] };
};
