import { decodeBase64, encodeBase64 } from '../notes/base64.js';
import { NoteRefused } from '../notes/note-refused.js';
import { NOTE_BYTES_MAX } from '../notes/note-text.js';
import { HASH_BYTES } from '../tree/node-hash.js';
import type { CheckpointSubmission } from './witness-rules.js';

/** No tree of 64-bit size needs more (C2SP tlog-witness). */
const PROOF_HASHES_MAX = 63;

/** As large as the body of a request to a witness may be. */
export const ADD_CHECKPOINT_BYTES_MAX = NOTE_BYTES_MAX + 4 * 1024;

const OLD = /^old (0|[1-9]\d{0,15})$/;

/** The body of tlog-witness's `add-checkpoint`: the old size, the proof, an empty line, the checkpoint. */
export const formatAddCheckpoint = ({ oldSize, proof, note }: CheckpointSubmission): string => `old ${oldSize}\n${proof.map((hash) => `${encodeBase64(hash)}\n`).join('')}\n${note}`;

/** @throws NoteRefused `malformed` or `too-large`; the note in it is not looked at */
export const parseAddCheckpoint = (body: string): CheckpointSubmission => {
  const refuse = (why: string): never => {
    throw new NoteRefused('malformed', why);
  };
  if (Buffer.byteLength(body) > ADD_CHECKPOINT_BYTES_MAX) throw new NoteRefused('too-large', `a submission has at most ${ADD_CHECKPOINT_BYTES_MAX} bytes`);
  const split = body.indexOf('\n\n');
  if (split < 0) refuse('an old size, a proof, an empty line and a checkpoint are expected');
  const [first = '', ...lines] = body.slice(0, split).split('\n');
  const oldSize = Number((OLD.exec(first) ?? refuse('it does not begin with the old size'))[1]);
  if (!Number.isSafeInteger(oldSize)) refuse('the old size is no number of events');
  if (lines.length > PROOF_HASHES_MAX) throw new NoteRefused('too-large', `a proof has at most ${PROOF_HASHES_MAX} hashes`);
  const proof = lines.map((line) => decodeBase64(line) ?? refuse('a line of the proof is not base64'));
  if (proof.some(({ length }) => length !== HASH_BYTES)) refuse(`a hash of the proof does not have ${HASH_BYTES} bytes`);
  return { oldSize, proof, note: body.slice(split + 2) };
};
