import { DnsFailure } from '../dns-failure.js';
import { formatServerAddress, type ServerAddress } from './server-address.js';

/** What a transport does with something that came in: take it as the answer, fail, or go on listening. */
export type Verdict<Answer> =
  | { readonly kind: 'accepted'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly failure: DnsFailure }
  /** Not for us: a late answer to something earlier, or a guess. */
  | { readonly kind: 'ignored' };

export interface Attempt<Answer> {
  readonly server: ServerAddress;
  readonly request: Uint8Array;
  /** On `performance.now()`'s clock, which nobody sets back. */
  readonly deadlineMs: number;
  readonly judge: (bytes: Uint8Array) => Verdict<Answer>;
}

/** A promise with one outcome and one deadline; `dispose` runs exactly once, whatever the outcome. */
export function settleOnce<Answer>(
  options: { readonly deadlineMs: number; readonly onDeadline: () => DnsFailure; readonly dispose: () => void },
  start: (settle: { readonly resolve: (answer: Answer) => void; readonly reject: (failure: DnsFailure) => void }) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let settled = false;
    const once = (outcome: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      options.dispose();
      outcome();
    };
    const timer = setTimeout(() => once(() => reject(options.onDeadline())), Math.max(0, options.deadlineMs - performance.now()));
    start({ resolve: (answer) => once(() => resolve(answer)), reject: (failure) => once(() => reject(failure)) });
  });
}

export const timedOut = (server: ServerAddress, sent: boolean): DnsFailure =>
  new DnsFailure('timeout', `${formatServerAddress(server)} did not ${sent ? 'answer' : 'take the connection'} in time`, { outcomeUnknown: sent });

export const unreachable = (server: ServerAddress, options: { readonly cause: NodeJS.ErrnoException; readonly sent: boolean }): DnsFailure =>
  new DnsFailure('unreachable', `${formatServerAddress(server)}: ${options.cause.code ?? options.cause.message}`, { outcomeUnknown: options.sent, cause: options.cause });
