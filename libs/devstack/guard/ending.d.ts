/** One running process, told apart from any other that is given the same pid later. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** A process with the way to end it: each signal, and how long the process may take over it. */
export interface EndableProcess extends ProcessIdentity {
  /** Signal the whole process group, which the process leads. */
  readonly group: boolean;
  readonly signals: readonly { readonly signal: NodeJS.Signals; readonly waitMs: number }[];
}

export function startTimeOf(pid: number): string | undefined;
export function isRunning(process: ProcessIdentity): boolean;
export function endProcess(process: EndableProcess): Promise<boolean>;
