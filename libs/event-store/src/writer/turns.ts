import { SECOND_MS } from '@muster/kernel';
import type { EventStore, Head } from '../event-store.port.js';

/** A frozen or vanished holder stalls nobody: after this the writer goes on without its turn (DESIGN section 2). */
export const TURN_WAIT_MS_MAX = 250;

/** From here on a wait counts as one that was given up: timers are not exact. */
const TURN_MISSED_MS = TURN_WAIT_MS_MAX * 0.95;

/** How long a writer keeps taking turns after it last saw another one. Alone, it saves them, and the look-up. */
const OTHERS_MEMORY_MS = 10 * SECOND_MS;

/** After a turn that did not come, the next batches do not wait for it again: a frozen holder costs one wait in so many seconds. */
const MISSED_TURN_PAUSE_MS = 5 * SECOND_MS;

/**
 * Turns among the writers of one ledger: manners, never safety. Everything here may be wrong and nothing is lost but work.
 *
 * Whether there are other writers shows in the head: it is not where this writer left it. A new writer takes it that there are.
 */
export class Turns {
  readonly #store: Pick<EventStore, 'takeTurn'>;
  readonly #ledger: string;
  readonly #memoryMs: number;
  #ownPosition: number | undefined;
  #leftAt: Head | undefined;
  #othersUntilMs: number;
  #missedUntilMs = -Infinity;

  constructor(store: Pick<EventStore, 'takeTurn'>, ledger: string, memoryMs = OTHERS_MEMORY_MS) {
    this.#memoryMs = memoryMs;
    this.#store = store;
    this.#ledger = ledger;
    this.#othersUntilMs = performance.now() + this.#memoryMs;
  }

  /** Where this writer left the ledger, if nobody else has been seen on it lately: then it is still there, most likely. */
  get likelyHead(): Head | undefined {
    return performance.now() > this.#othersUntilMs ? this.#leftAt : undefined;
  }

  /** Where a round found the head. */
  found(position: number): void {
    if (this.#ownPosition !== undefined && this.#ownPosition !== position) this.lost();
    this.#ownPosition = position;
  }

  /** Where this writer left the head. */
  left(head: Head): void {
    this.#ownPosition = head.position;
    this.#leftAt = head;
  }

  /** Somebody else was quicker. */
  lost(): void {
    this.#leftAt = undefined;
    this.#othersUntilMs = performance.now() + this.#memoryMs;
  }

  /** Waits for a turn where that helps, and returns how to give it back; `undefined` when the writer goes on without. Never throws. */
  async take(): Promise<(() => void) | undefined> {
    const askedAtMs = performance.now();
    if (askedAtMs > this.#othersUntilMs || askedAtMs < this.#missedUntilMs) return undefined;
    try {
      const giveBack = await this.#store.takeTurn(this.#ledger, TURN_WAIT_MS_MAX);
      if (performance.now() - askedAtMs >= TURN_MISSED_MS) this.#missedUntilMs = performance.now() + MISSED_TURN_PAUSE_MS;
      return () => {
        // Nobody waits for this: the answers go out meanwhile.
        giveBack().catch(() => undefined);
      };
    } catch {
      // A store that is away says so where it matters, at the look-up.
      return undefined;
    }
  }
}
