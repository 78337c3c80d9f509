import { HASH_BYTES } from '../tree/node-hash.js';
import { decodeBase64, encodeBase64 } from './base64.js';
import type { NoteKey, NoteSigner } from './note-key.js';
import { isKeyName } from './note-key.js';
import { NoteRefused } from './note-refused.js';
import { assertNoteText } from './note-text.js';
import { parseDecimal } from './proof-lines.js';
import type { VerifiedSignature } from './signed-note.js';
import { openNote, signNote } from './signed-note.js';

/** The head of a ledger's tree (C2SP tlog-checkpoint). Extension lines are read and not made: nobody can audit them. */
export interface Checkpoint {
  /** Which ledger: see {@link ledgerOrigin}. */
  readonly origin: string;
  /** How many leaves: the ledger's head position. */
  readonly size: number;
  readonly root: Uint8Array;
}

export interface LedgerName {
  /** A domain of whoever runs the deployment, or `muster.example` where there is none; it need not be reachable. */
  readonly domain: string;
  readonly deployment: string;
  readonly ledger: string;
}

/** `<domain>/<deployment>/<ledger>`: the origin line, and the name of the keys that sign it. @throws Error when a part cannot stand in it */
export const ledgerOrigin = ({ domain, deployment, ledger }: LedgerName): string => {
  for (const part of [domain, deployment, ledger]) if (!isKeyName(part) || part.includes('/')) throw new Error(`${JSON.stringify(part)} cannot be a part of an origin`);
  return `${domain}/${deployment}/${ledger}`;
};

/** The text that is signed. @throws NoteRefused `malformed` when it could not be read again */
export const formatCheckpoint = ({ origin, size, root }: Checkpoint): string => {
  const text = `${origin}\n${size}\n${encodeBase64(root)}\n`;
  parseCheckpoint(text);
  return text;
};

/** @throws NoteRefused `malformed` */
export const parseCheckpoint = (text: string): Checkpoint => {
  const refuse = (why: string): never => {
    throw new NoteRefused('malformed', why);
  };
  assertNoteText(text);
  const lines = text.slice(0, -1).split('\n');
  const [origin = '', sizeText = '', encodedRoot = ''] = lines;
  if (lines.length < 3 || lines.includes('')) refuse('a checkpoint has at least three lines, and none is empty');
  const size = parseDecimal(sizeText) ?? refuse('the size is not a decimal number without leading zeroes');
  const root = decodeBase64(encodedRoot) ?? refuse('the root is not base64');
  if (root.length !== HASH_BYTES) refuse(`the root does not have ${HASH_BYTES} bytes`);
  return { origin, size, root };
};

/** A checkpoint as a signed note: the same head and keys give the same bytes. @throws NoteRefused `malformed` */
export const signCheckpoint = (checkpoint: Checkpoint, signers: readonly NoteSigner[]): string => signNote(formatCheckpoint(checkpoint), signers);

export interface CheckpointTrust {
  readonly origin: string;
  /** Of the ledger; at least one of them must have signed. */
  readonly keys: readonly NoteKey[];
  /** Whose cosignatures are verified too, and reported. */
  readonly witnessKeys?: readonly NoteKey[];
}

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly signatures: readonly VerifiedSignature[];
  readonly cosignatures: readonly VerifiedSignature[];
}

/** @throws NoteRefused for every reason */
export const openCheckpoint = (note: string | Uint8Array, { origin, keys, witnessKeys = [] }: CheckpointTrust): OpenedCheckpoint => {
  const opened = openNote(note, [...keys, ...witnessKeys]);
  const signatures = opened.signatures.filter(({ key }) => keys.includes(key));
  if (signatures.length === 0) throw new NoteRefused('unknown-key', 'witnesses signed it, and no known key of the ledger');
  const checkpoint = parseCheckpoint(opened.text);
  if (checkpoint.origin !== origin) throw new NoteRefused('wrong-origin', `it is of ${checkpoint.origin}, not of ${origin}`);
  return { checkpoint, signatures, cosignatures: opened.signatures.filter(({ key }) => !keys.includes(key)) };
};
