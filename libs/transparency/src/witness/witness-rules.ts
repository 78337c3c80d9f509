import type { Checkpoint, CheckpointTrust } from '../notes/checkpoint.js';
import { openCheckpoint } from '../notes/checkpoint.js';
import type { NoteRefusal } from '../notes/note-refused.js';
import { isNoteRefused } from '../notes/note-refused.js';
import { verifyConsistency } from '../tree/consistency.verify.js';
import { sameHash } from '../tree/node-hash.js';

/** A checkpoint that a witness once accepted, with the note to show for it. */
export interface SeenCheckpoint extends Checkpoint {
  readonly note: string;
}

/** What a ledger, or anybody for it, hands to a witness. */
export interface CheckpointSubmission {
  /** The size of the checkpoint that `proof` begins at: the last one the witness saw, 0 before the first. */
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  readonly note: string;
}

/**
 * Why a witness does not accept a checkpoint. Stable: programs may branch on it.
 *
 * `rollback` (fewer events than were signed before) and `fork` (as many, and others) contradict by the ledger's own signatures; `inconsistent`
 * does not by itself, since anybody can send a wrong proof; `stale` asks for a proof from the size that the witness knows.
 */
export type WitnessRefusal = 'malformed' | 'wrong-key' | 'wrong-origin' | 'rollback' | 'fork' | 'stale' | 'inconsistent';

export type WitnessVerdict =
  | { readonly accepted: true; readonly seen: SeenCheckpoint; readonly isNew: boolean }
  | {
      readonly accepted: false;
      readonly reason: WitnessRefusal;
      readonly detail: string;
      /** What the witness knows already: 0 where it has seen nothing. */
      readonly knownSize: number;
      /** Both notes of a rollback or a fork, the older one first: evidence for whoever trusts the ledger's key. */
      readonly contradiction?: readonly [SeenCheckpoint, SeenCheckpoint];
    };

const reasons: Record<NoteRefusal, WitnessRefusal> = {
  malformed: 'malformed',
  'too-large': 'malformed',
  'unknown-key': 'wrong-key',
  'signature-invalid': 'wrong-key',
  'wrong-origin': 'wrong-origin',
  // No checkpoint is refused for it: it is about a leaf.
  'not-included': 'malformed',
};

const open = (note: string, trust: CheckpointTrust): SeenCheckpoint => ({ ...openCheckpoint(note, trust).checkpoint, note });

/** Where what was submitted cannot be of the same ledger as what was seen. */
const contradictionOf = (seen: SeenCheckpoint, last: SeenCheckpoint): readonly [WitnessRefusal, string] | undefined => {
  if (seen.size < last.size) return ['rollback', `it has ${seen.size} events, and ${last.size} were signed before`];
  if (seen.size === last.size && !sameHash(seen.root, last.root)) return ['fork', `another root was signed for the same ${seen.size} events`];
  return undefined;
};

/**
 * Decides about a checkpoint from the last one seen. Whoever asks keeps `seen` before it answers anybody, and decides one submission of a ledger at a time.
 *
 * The first checkpoint is taken on the word of the ledger's key: nothing was seen that it could contradict.
 */
export const witnessCheckpoint = (
  { oldSize, proof, note }: CheckpointSubmission,
  { trust, last }: { readonly trust: CheckpointTrust; readonly last: SeenCheckpoint | undefined },
): WitnessVerdict => {
  const knownSize = last?.size ?? 0;
  const refuse = (reason: WitnessRefusal, detail: string): WitnessVerdict => ({ accepted: false, reason, detail, knownSize });
  let seen: SeenCheckpoint;
  try {
    seen = open(note, trust);
  } catch (error) {
    if (!isNoteRefused(error)) throw error;
    return refuse(reasons[error.reason], error.detail);
  }
  const contradiction = last === undefined ? undefined : contradictionOf(seen, last);
  if (last !== undefined && contradiction !== undefined) return { accepted: false, reason: contradiction[0], detail: contradiction[1], knownSize, contradiction: [last, seen] };
  if (last?.size === seen.size) return { accepted: true, seen: last, isNew: false };
  if (oldSize !== knownSize) return refuse('stale', `a proof from ${knownSize} is needed, not from ${oldSize}`);
  const consistent = last === undefined ? proof.length === 0 : verifyConsistency({ firstSize: last.size, firstRoot: last.root, secondSize: seen.size, secondRoot: seen.root, proof });
  return consistent ? { accepted: true, seen, isNew: true } : refuse('inconsistent', `the proof does not lead from ${knownSize} events to ${seen.size}`);
};
