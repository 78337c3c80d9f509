import { NoteRefused } from '../notes/note-refused.js';
import { NOTE_BYTES_MAX } from '../notes/note-text.js';
import { formatProofLines, parseDecimal, parseProofLines } from '../notes/proof-lines.js';
import type { CheckpointSubmission } from './witness-rules.js';

/** As large as the body of a request to a witness may be. */
export const ADD_CHECKPOINT_BYTES_MAX = NOTE_BYTES_MAX + 4 * 1024;

const OLD = 'old ';

/** The body of tlog-witness's `add-checkpoint`: the old size, the proof, an empty line, the checkpoint. */
export const formatAddCheckpoint = ({ oldSize, proof, note }: CheckpointSubmission): string => `${OLD}${oldSize}\n${formatProofLines(proof)}\n${note}`;

/** @throws NoteRefused `malformed` or `too-large`; the note in it is not looked at */
export const parseAddCheckpoint = (body: string): CheckpointSubmission => {
  const refuse = (why: string): never => {
    throw new NoteRefused('malformed', why);
  };
  if (Buffer.byteLength(body) > ADD_CHECKPOINT_BYTES_MAX) throw new NoteRefused('too-large', `a submission has at most ${ADD_CHECKPOINT_BYTES_MAX} bytes`);
  const split = body.indexOf('\n\n');
  if (split < 0) refuse('an old size, a proof, an empty line and a checkpoint are expected');
  const [first = '', ...lines] = body.slice(0, split).split('\n');
  const oldSize = (first.startsWith(OLD) ? parseDecimal(first.slice(OLD.length)) : undefined) ?? refuse('it does not begin with the old size');
  return { oldSize, proof: parseProofLines(lines), note: body.slice(split + 2) };
};
