/** Callers that wait for one follower at a time: several batches of a few writers. More means that nobody is served anyway. */
const WAITERS_MAX = 1024;

interface Waiter {
  readonly position: number;
  readonly settle: (reached: boolean) => void;
}

/** Who waits for a position, and until when. */
export class PositionWaiters {
  readonly #waiters = new Set<Waiter>();

  /** True once `position` is reached, false when it was not within `withinMs`. */
  wait(position: number, withinMs: number): Promise<boolean> {
    if (withinMs <= 0 || this.#waiters.size >= WAITERS_MAX) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        position,
        settle: (reached) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(reached);
        },
      };
      const timer = setTimeout(() => waiter.settle(false), withinMs);
      this.#waiters.add(waiter);
    });
  }

  reached(position: number): void {
    for (const waiter of this.#waiters) if (waiter.position <= position) waiter.settle(true);
  }

  giveUp(): void {
    for (const waiter of this.#waiters) waiter.settle(false);
  }
}
