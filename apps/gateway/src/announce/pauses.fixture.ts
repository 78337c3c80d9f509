import { setImmediate as turn } from 'node:timers/promises';

interface Waiting {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Pauses that end when the test says so. */
export const testPauses = () => {
  let nowMs = 0;
  const waiting = new Set<Waiting>();
  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const one: Waiting = {
        dueMs: nowMs + ms,
        wake: () => {
          waiting.delete(one);
          signal.removeEventListener('abort', one.wake);
          resolve();
        },
      };
      waiting.add(one);
      if (signal.aborted) one.wake();
      else signal.addEventListener('abort', one.wake);
    });
  const advance = async (ms: number): Promise<void> => {
    const untilMs = nowMs + ms;
    for (;;) {
      await turn(); // what was woken comes to its next pause
      const [next] = [...waiting].sort((one, other) => one.dueMs - other.dueMs);
      if (next === undefined || next.dueMs > untilMs) break;
      nowMs = next.dueMs;
      next.wake();
    }
    nowMs = untilMs;
  };
  return { pause, advance, nowMs: () => nowMs };
};
