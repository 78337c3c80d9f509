import type { ProblemDocument } from '@muster/contracts';
import type { ExitReason } from './exit-codes.js';

export interface CliFailureOptions {
  /** What to do about it, for people. */
  readonly remedy?: string;
  /** What a host answered; printed as it came in JSON mode. */
  readonly problem?: ProblemDocument;
  readonly cause?: unknown;
}

/** An end that its caller can act on: the message says what is wrong, the reason becomes the exit code. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly remedy: string | undefined;
  readonly problem: ProblemDocument | undefined;

  constructor(
    readonly reason: ExitReason,
    message: string,
    { remedy, problem, cause }: CliFailureOptions = {},
  ) {
    super(message, { cause });
    this.remedy = remedy;
    this.problem = problem;
  }
}
