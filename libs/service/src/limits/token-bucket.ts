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
 * Token buckets by key, as many as memory is meant for, in two generations: what is used moves to the young one, and when that is full the old one is forgotten.
 * A forgotten key begins with a full bucket again. A flood from ever new keys therefore costs no more than the bound, and is for the limits that are not by key.
 *
 * (One Map in order of use would do the same, but finding its first key costs more the more was deleted before it: 25 µs at 50,000 keys, against 1 µs.)
 */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #generationMax: number;
  readonly #nowMs: () => number;
  #young = new Map<string, Level>();
  #old = new Map<string, Level>();

  /** @param nowMs monotonic time */
  constructor({ rate, keysMax, nowMs = () => performance.now() }: { readonly rate: Rate; readonly keysMax: number; readonly nowMs?: () => number }) {
    this.#rate = rate;
    this.#generationMax = Math.max(1, Math.floor(keysMax / 2));
    this.#nowMs = nowMs;
  }

  /** At most `keysMax`; a key that moved on is counted in both generations until the old one goes. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Takes one; answers 0 when there was one, else how many seconds until there is. */
  take(key: string): number {
    const { perSecond, burst } = this.#rate;
    if (perSecond === 0) return 0;
    const nowMs = this.#nowMs();
    const level = this.#levelOf(key) ?? this.#add(key, { tokens: burst, atMs: nowMs });
    level.tokens = Math.min(burst, level.tokens + ((nowMs - level.atMs) / SECOND_MS) * perSecond);
    level.atMs = nowMs;
    if (level.tokens < 1) return (1 - level.tokens) / perSecond;
    level.tokens -= 1;
    return 0;
  }

  #levelOf(key: string): Level | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    return old === undefined ? undefined : this.#add(key, old);
  }

  #add(key: string, level: Level): Level {
    if (this.#young.size >= this.#generationMax) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, level);
    return level;
  }
}
