import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.js';
import { describeExit, type Part } from './part.js';

const BACKOFF_FIRST_MS = 100; // a single crash is healed before most clients retry
const BACKOFF_MAX_MS = 5_000; // a part that cannot start costs little, and is back soon after its cause is gone
const STEADY_AFTER_MS = 10_000; // a part that ran this long has recovered: its next crash starts the back-off anew

export interface SuperviseOptions<P extends Part> {
  readonly name: string;
  /** Starts the part and resolves when it is usable; called again after every exit that nobody asked for. */
  readonly start: () => Promise<P>;
  readonly log: Log;
  readonly onRestart?: (part: P) => void;
}

export interface Supervised<P extends Part> {
  /** The running part; undefined while it is down. */
  current(): P | undefined;
  /** How often the part came back since the first start. */
  restarts(): number;
  /** Stops the part for good, also in the middle of a restart. */
  stop(): Promise<void>;
}

/**
 * Keeps a part running: whenever it exits unasked it is started again, for ever, with a delay that doubles from 100 ms to 5 s.
 * Rejects when the very first start fails, because that is a mistake to be told, not a fault to be ridden out.
 */
export async function supervise<P extends Part>(options: SuperviseOptions<P>): Promise<Supervised<P>> {
  const { name, start, log, onRestart } = options;
  const stopping = new AbortController();
  let part: P | undefined = await start();
  let restarts = 0;

  const untilExit = async (running: P): Promise<number> => {
    const startedAtMs = performance.now();
    const exit = await running.exited;
    part = undefined;
    if (!stopping.signal.aborted) log(`${name} (pid ${running.pid}) ended unasked: ${describeExit(exit)}; starting it again`);
    return performance.now() - startedAtMs;
  };

  const restart = async (): Promise<void> => {
    try {
      part = await start();
      restarts += 1;
      if (stopping.signal.aborted) return;
      log(`${name} runs again (pid ${part.pid})`);
      onRestart?.(part);
    } catch (error) {
      if (!stopping.signal.aborted) log(`${name} did not start: ${error instanceof Error ? error.message : String(error)}; trying again`);
    }
  };

  const keep = async (): Promise<void> => {
    let backoffMs = BACKOFF_FIRST_MS;
    while (!stopping.signal.aborted) {
      if (part !== undefined && (await untilExit(part)) > STEADY_AFTER_MS) backoffMs = BACKOFF_FIRST_MS;
      await delay(backoffMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MAX_MS);
      if (!stopping.signal.aborted) await restart();
    }
  };
  const keeping = keep();

  const stop = async (): Promise<void> => {
    stopping.abort();
    await part?.stop();
    await keeping; // a restart that was under way ends with a part that has to be stopped too
    await part?.stop();
  };
  let stopped: Promise<void> | undefined;
  return { current: () => part, restarts: () => restarts, stop: () => (stopped ??= stop()) };
}
