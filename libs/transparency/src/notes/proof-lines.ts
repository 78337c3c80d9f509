import { HASH_BYTES } from '../tree/node-hash.js';
import { decodeBase64, encodeBase64 } from './base64.js';
import { NoteRefused } from './note-refused.js';

/** No tree of 64-bit size needs more (C2SP tlog-witness). */
const PROOF_HASHES_MAX = 63;

/** The hashes of a proof as C2SP's texts have them: base64, one a line. */
export const formatProofLines = (proof: readonly Uint8Array[]): string => proof.map((hash) => `${encodeBase64(hash)}\n`).join('');

/** @throws NoteRefused `malformed`, `too-large` */
export const parseProofLines = (lines: readonly string[]): readonly Uint8Array[] => {
  if (lines.length > PROOF_HASHES_MAX) throw new NoteRefused('too-large', `a proof has at most ${PROOF_HASHES_MAX} hashes`);
  return lines.map((line) => {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_BYTES) throw new NoteRefused('malformed', `a line of the proof is not the base64 of ${HASH_BYTES} bytes`);
    return hash;
  });
};

const NUMBER = /^(0|[1-9]\d{0,15})$/;

/** A size or an index in its one spelling; undefined for every other text, and beyond 2^53. */
export const parseDecimal = (text: string): number | undefined => (NUMBER.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined);
