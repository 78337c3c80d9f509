import { SECOND_MS } from '@muster/kernel';

/** How much is let through: so many at once, refilled so fast. */
export interface Rate {
  /** 0: no limit. */
  readonly perSecond: number;
  readonly burst: number;
}

/** What is left of one bucket, as of a moment. */
interface Level {
  tokens: number;
  atMs: number;
}

/**
 * Token buckets by key, as many as memory is meant for: beyond that the one longest unused is forgotten, which gives its key a full bucket again. A flood from
 * ever new keys therefore costs no more than the bound, and is for the limits that are not by key.
 */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #keysMax: number;
  readonly #nowMs: () => number;
  readonly #levels = new Map<string, Level>();

  /** @param nowMs monotonic time */
  constructor({ rate, keysMax, nowMs = () => performance.now() }: { readonly rate: Rate; readonly keysMax: number; readonly nowMs?: () => number }) {
    this.#rate = rate;
    this.#keysMax = keysMax;
    this.#nowMs = nowMs;
  }

  get size(): number {
    return this.#levels.size;
  }

  /** Takes one; answers 0 when there was one, else how many seconds until there is. */
  take(key: string): number {
    const { perSecond, burst } = this.#rate;
    if (perSecond === 0) return 0;
    const nowMs = this.#nowMs();
    const level = this.#levels.get(key) ?? { tokens: burst, atMs: nowMs };
    level.tokens = Math.min(burst, level.tokens + ((nowMs - level.atMs) / SECOND_MS) * perSecond);
    level.atMs = nowMs;
    this.#touch(key, level);
    if (level.tokens < 1) return (1 - level.tokens) / perSecond;
    level.tokens -= 1;
    return 0;
  }

  /** A Map keeps the order of insertion: what is used goes to its end, what is longest unused stands first. */
  #touch(key: string, level: Level): void {
    this.#levels.delete(key);
    this.#levels.set(key, level);
    if (this.#levels.size <= this.#keysMax) return;
    for (const oldest of this.#levels.keys()) {
      this.#levels.delete(oldest);
      return;
    }
  }
}
