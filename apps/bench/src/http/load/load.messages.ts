/** What the load's process is asked, one thing at a time. */
export type LoadOrder =
  | { readonly order: 'sign'; readonly url: string; readonly count: number }
  | { readonly order: 'run'; readonly url: string; readonly inFlight: number; readonly seconds: number };

export interface LoadReport {
  readonly decisions: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the load's own process. */
  readonly cpuMicros: number;
  /** Requests that were signed and not needed. */
  readonly left: number;
}

export type LoadReply = { readonly reply: 'signed' } | ({ readonly reply: 'ran' } & LoadReport) | { readonly reply: 'failed'; readonly message: string };
