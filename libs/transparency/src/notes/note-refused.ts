/** Why a signed note, a checkpoint or a proof under one is not believed. Stable: programs may branch on it. */
export type NoteRefusal = 'malformed' | 'too-large' | 'unknown-key' | 'signature-invalid' | 'wrong-origin' | 'not-included';

/** A note that is not believed; `detail` is for people. */
export class NoteRefused extends Error {
  readonly reason: NoteRefusal;
  readonly detail: string;

  constructor(reason: NoteRefusal, detail: string, options: { readonly cause?: unknown } = {}) {
    super(`${reason}: ${detail}`, options);
    this.name = 'NoteRefused';
    this.reason = reason;
    this.detail = detail;
  }
}

export const isNoteRefused = (error: unknown, reason?: NoteRefusal): error is NoteRefused =>
  error instanceof NoteRefused && (reason === undefined || error.reason === reason);
