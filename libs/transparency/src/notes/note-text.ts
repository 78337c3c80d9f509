import { decodeBase64, encodeBase64 } from './base64.js';
import { isKeyName, keyIdHex } from './note-key.js';
import { NoteRefused } from './note-refused.js';

/** At least 16 must be taken, post-quantum ones of nearly 5 kB among them (C2SP signed-note); whoever sends more wants memory. */
export const NOTE_SIGNATURES_MAX = 64;
export const NOTE_BYTES_MAX = 512 * 1024;

const KEY_ID_BYTES = 4;

/** One signature line, not yet believed. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  /** Whatever its algorithm makes: nothing is known of it before its key is. */
  readonly signature: Uint8Array;
}

export interface ParsedNote {
  /** With its last newline: the bytes that signatures are over. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const refuse = (why: string): never => {
  throw new NoteRefused('malformed', why);
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decodeUtf8 = (note: string | Uint8Array): string => {
  const bytes = typeof note === 'string' ? Buffer.from(note, 'utf8') : note;
  if (bytes.length > NOTE_BYTES_MAX) throw new NoteRefused('too-large', `a note has at most ${NOTE_BYTES_MAX} bytes`);
  try {
    const text = utf8.decode(bytes);
    return typeof note !== 'string' || text === note ? text : refuse('it is not UTF-8');
  } catch (error) {
    throw new NoteRefused('malformed', 'it is not UTF-8', { cause: error });
  }
};

// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\0-\x09\x0b-\x1f]/;

/** @throws NoteRefused `malformed` when the text cannot be a note's: it ends in a newline and has no other control characters */
export const assertNoteText = (text: string): void => {
  if (!text.endsWith('\n')) refuse('its text does not end in a newline');
  if (CONTROLS.test(text)) refuse('it has control characters');
};

const LINE = /^— ([^ ]+) ([^ ]+)$/u;

const parseSignature = (line: string): NoteSignature => {
  const [, name = '', encoded = ''] = LINE.exec(line) ?? refuse('a line below the text is not a signature');
  const bytes = decodeBase64(encoded) ?? refuse('a signature is not base64');
  if (!isKeyName(name)) refuse('a signature has no proper name');
  if (bytes.length <= KEY_ID_BYTES) refuse('a signature is too short');
  return { name, keyId: bytes.readUInt32BE(), signature: bytes.subarray(KEY_ID_BYTES) };
};

export const formatSignature = ({ name, keyId, signature }: NoteSignature): string => `— ${name} ${encodeBase64(Buffer.concat([Buffer.from(keyIdHex(keyId), 'hex'), signature]))}\n`;

/**
 * Takes a note apart; nothing of it is believed yet.
 *
 * @throws NoteRefused `malformed` or `too-large`
 */
export const parseNote = (note: string | Uint8Array): ParsedNote => {
  const whole = decodeUtf8(note);
  // The text may have empty lines; the last one ends it.
  const split = whole.lastIndexOf('\n\n');
  if (split < 0 || !whole.endsWith('\n')) refuse('a text, an empty line and signature lines are expected');
  const text = whole.slice(0, split + 1);
  assertNoteText(text);
  const below = whole.slice(split + 2);
  if (CONTROLS.test(below)) refuse('it has control characters');
  const lines = below.split('\n').slice(0, -1);
  if (lines.length === 0) refuse('it has no signatures');
  if (lines.length > NOTE_SIGNATURES_MAX) throw new NoteRefused('too-large', `a note has at most ${NOTE_SIGNATURES_MAX} signatures`);
  return { text, signatures: lines.map(parseSignature) };
};

/** @throws NoteRefused `malformed` */
export const formatNote = ({ text, signatures }: ParsedNote): string => {
  assertNoteText(text);
  return `${text}\n${signatures.map(formatSignature).join('')}`;
};
