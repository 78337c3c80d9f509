import { setTimeout as delay } from 'node:timers/promises';

/** Long enough for a process to start on a busy machine of two cores; a fact that is there at once costs nothing of it. */
const TIMEOUT_MS = 10_000;
const INTERVAL_MS = 20;

export interface Patience {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/**
 * Waits for a fact: asks again until `fact` no longer throws, and returns what it returned.
 *
 * @throws Error with the last failure as its cause once `timeoutMs` have passed, also when `fact` itself never settles
 */
export const eventually = async <T>(fact: () => T | Promise<T>, { timeoutMs = TIMEOUT_MS, intervalMs = INTERVAL_MS }: Patience = {}): Promise<T> => {
  const over = new AbortController();
  let last: unknown = new Error('it never settled');
  let stopped = false;
  const asking = async (): Promise<T> => {
    for (;;) {
      try {
        return await fact();
      } catch (error) {
        last = error;
      }
      if (stopped) throw last;
      await delay(intervalMs);
    }
  };
  const deadline = delay(timeoutMs, undefined, { signal: over.signal }).then(() => {
    stopped = true;
    throw new Error(`still not so after ${timeoutMs} ms: ${last instanceof Error ? last.message : String(last)}`, { cause: last });
  });
  const answer = asking();
  // Whichever loses the race may still fail; that failure has been told already.
  answer.catch(() => undefined);
  deadline.catch(() => undefined);
  return Promise.race([answer, deadline]).finally(() => {
    stopped = true;
    over.abort();
  });
};
