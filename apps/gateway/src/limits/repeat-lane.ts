import { turnedAway } from '@muster/service';

/** At once: what is beyond a limit must not have more of the host than this, however much of it there is. */
const LOOK_UPS_MAX = 8;

/** What waits: requests of less than 16 KiB, of which these are 8 MiB, and the few larger bodies that the host takes at once. */
const WAITING_MAX = 512;

/** So that one address cannot fill the lane for all others. */
const WAITING_OF_ONE_MAX = 256;

const full = () => turnedAway('rate-limited', 'More requests came from here than are looked at, and too many wait to be looked up as repeats.');

/**
 * The way of requests beyond a limit. A repeat of a recorded request is never limited, and only a look-up tells it from more of the same: the look-ups are
 * few at a time, wait in a bounded queue in the order that they came, and have nothing to do with the way of requests within the limits.
 */
export class RepeatLane {
  readonly #onFull: () => void;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #waitingOf = new Map<string, number>();

  /** @param onFull told of each request that finds no place */
  constructor(onFull: () => void = () => undefined) {
    this.#onFull = onFull;
  }

  /** Running and waiting. */
  get size(): number {
    return this.#running + this.#waiting.length;
  }

  /** @throws Problem `rate-limited` when the lane is full; else what `lookUp` throws */
  async run<T>(key: string, lookUp: () => Promise<T>): Promise<T> {
    if (this.#running >= LOOK_UPS_MAX) await this.#wait(key);
    else this.#running += 1;
    try {
      return await lookUp();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next(); // takes over this one's place
    }
  }

  async #wait(key: string): Promise<void> {
    const ofKey = this.#waitingOf.get(key) ?? 0;
    if (this.#waiting.length >= WAITING_MAX || ofKey >= WAITING_OF_ONE_MAX) {
      this.#onFull();
      throw full();
    }
    this.#waitingOf.set(key, ofKey + 1);
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const left = (this.#waitingOf.get(key) ?? 1) - 1;
    if (left === 0) this.#waitingOf.delete(key);
    else this.#waitingOf.set(key, left);
  }
}
