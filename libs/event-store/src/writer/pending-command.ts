import type { CommandIdentity } from './writer.types.js';

/** A command whose caller waits. */
export interface PendingCommand<Command, Answer> {
  readonly command: Command;
  /** `null`: the command has no request id, so nothing is looked up and nothing remembered. */
  readonly identity: CommandIdentity | null;
  /** On the monotonic clock. */
  readonly deadlineMs: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}
