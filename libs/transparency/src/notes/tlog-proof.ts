import { verifyInclusion } from '../tree/inclusion.verify.js';
import type { CheckpointTrust, OpenedCheckpoint } from './checkpoint.js';
import { openCheckpoint } from './checkpoint.js';
import { NoteRefused } from './note-refused.js';
import { NOTE_BYTES_MAX } from './note-text.js';
import { formatProofLines, parseDecimal, parseProofLines } from './proof-lines.js';

const FORMAT = 'c2sp.org/tlog-proof@v1';
const BYTES_MAX = NOTE_BYTES_MAX + 4 * 1024;

/** That one event stands in a ledger, in a text that needs nothing else to be verified but the keys (C2SP tlog-proof). */
export interface TlogProof {
  /** The event's position less one. */
  readonly leafIndex: number;
  readonly proof: readonly Uint8Array[];
  /** The checkpoint, with whatever witnesses signed below. */
  readonly note: string;
}

export const formatTlogProof = ({ leafIndex, proof, note }: TlogProof): string => `${FORMAT}\nindex ${leafIndex}\n${formatProofLines(proof)}\n${note}`;

/** Extra data, which nothing authenticates, is passed over. @throws NoteRefused `malformed`, `too-large`; the note in it is not looked at */
export const parseTlogProof = (text: string): TlogProof => {
  const refuse = (why: string): never => {
    throw new NoteRefused('malformed', why);
  };
  if (Buffer.byteLength(text) > BYTES_MAX) throw new NoteRefused('too-large', `a proof has at most ${BYTES_MAX} bytes`);
  const split = text.indexOf('\n\n');
  const [format, ...lines] = text.slice(0, split + 1).split('\n').slice(0, -1);
  if (split < 0 || format !== FORMAT) refuse(`${FORMAT}, an index, a proof, an empty line and a checkpoint are expected`);
  const [index = '', ...proof] = lines[0]?.startsWith('extra ') === true ? lines.slice(1) : lines;
  const leafIndex = (index.startsWith('index ') ? parseDecimal(index.slice('index '.length)) : undefined) ?? refuse('it names no index');
  return { leafIndex, proof: parseProofLines(proof), note: text.slice(split + 2) };
};

export interface OpenedTlogProof extends OpenedCheckpoint {
  readonly leafIndex: number;
}

/** @throws NoteRefused for every reason; `not-included` when the leaf does not stand there under that checkpoint */
export const openTlogProof = (text: string, { leafHash, trust }: { readonly leafHash: Uint8Array; readonly trust: CheckpointTrust }): OpenedTlogProof => {
  const { leafIndex, proof, note } = parseTlogProof(text);
  const opened = openCheckpoint(note, trust);
  const { size, root } = opened.checkpoint;
  if (!verifyInclusion({ leafIndex, treeSize: size, leafHash, root, proof })) throw new NoteRefused('not-included', `the event is not number ${leafIndex + 1} of the ${size} that were signed`);
  return { ...opened, leafIndex };
};
