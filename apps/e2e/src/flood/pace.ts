import { setTimeout as delay } from 'node:timers/promises';

const TICK_MS = 20;

/** Sends at a pace of its own, whether or not anything is answered (open loop), and resolves with all answers in order. */
export const openLoop = async <Item, Answer>(items: readonly Item[], perSecond: number, send: (item: Item) => Promise<Answer>): Promise<readonly Answer[]> => {
  const answers: Promise<Answer>[] = [];
  const startedAtMs = performance.now();
  while (answers.length < items.length) {
    const due = Math.min(items.length, Math.ceil(((performance.now() - startedAtMs) / 1000) * perSecond));
    for (const item of items.slice(answers.length, due)) answers.push(send(item));
    await delay(TICK_MS);
  }
  return Promise.all(answers);
};

/** Does something again and again, at most so often, until it is told that it is over. */
export const everyMs = async (periodMs: number, over: AbortSignal, run: () => Promise<void>): Promise<void> => {
  while (!over.aborted) {
    await run();
    await delay(periodMs, undefined, { signal: over }).catch(() => undefined);
  }
};
