import type { PendingCommand } from './pending-command.js';

const keyOf = ({ identity }: Pick<PendingCommand<unknown, unknown>, 'identity'>): string | null => identity && `${identity.machine}\n${identity.requestId}`;

/** Commands that wait for a batch, in order of arrival. Its bound is the writer's. */
export class CommandQueue<Command, Answer> {
  #waiting: PendingCommand<Command, Answer>[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  add(pending: PendingCommand<Command, Answer>): void {
    this.#waiting.push(pending);
  }

  /** Puts back what a batch had no room for: before all that came later. */
  putBack(pending: readonly PendingCommand<Command, Answer>[]): void {
    if (pending.length > 0) this.#waiting = [...pending, ...this.#waiting];
  }

  /**
   * The next batch. A second command under the same request id stays for a later one: only then is the outcome of the first in the ledger
   * for the look-up to find.
   */
  take(commandsMax: number): PendingCommand<Command, Answer>[] {
    const keys = new Set<string>();
    const taken: PendingCommand<Command, Answer>[] = [];
    const left: PendingCommand<Command, Answer>[] = [];
    for (const pending of this.#waiting) {
      const key = keyOf(pending);
      if (taken.length >= commandsMax || (key !== null && keys.has(key))) {
        left.push(pending);
        continue;
      }
      if (key !== null) keys.add(key);
      taken.push(pending);
    }
    this.#waiting = left;
    return taken;
  }

  /** Takes out those whose deadline passed. */
  takeExpired(nowMs: number): PendingCommand<Command, Answer>[] {
    const expired = this.#waiting.filter((pending) => pending.deadlineMs <= nowMs);
    if (expired.length > 0) this.#waiting = this.#waiting.filter((pending) => pending.deadlineMs > nowMs);
    return expired;
  }

  takeAll(): PendingCommand<Command, Answer>[] {
    return this.#waiting.splice(0);
  }
}
