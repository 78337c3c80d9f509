/** How a process ended: its exit code, or the signal that ended it. */
export interface PartExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Something that runs as a process of its own: a server or a service. */
export interface Part {
  readonly pid: number;
  /** Settles when the process has ended, asked or not; never rejects. */
  readonly exited: Promise<PartExit>;
  /** Ends the process and waits until it has; safe to call more than once and after the exit. */
  stop(): Promise<void>;
}

/** An exit in words: `exit code 1`, `signal SIGKILL`. */
export function describeExit({ code, signal }: PartExit): string {
  return signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
}
