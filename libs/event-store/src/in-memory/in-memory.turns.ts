type GiveBack = () => Promise<void>;

/** Turns by ledger, in order of asking; the waiting ends after its time, as the port says. */
export class InMemoryTurns {
  readonly #held = new Set<string>();
  readonly #waiting = new Map<string, (() => void)[]>();

  async take(ledger: string, waitMsMax: number): Promise<GiveBack> {
    if (this.#held.has(ledger) && !(await this.#wait(ledger, waitMsMax))) return () => Promise.resolve();
    this.#held.add(ledger);
    let given = false;
    return () => {
      if (!given) this.#giveBack(ledger);
      given = true;
      return Promise.resolve();
    };
  }

  #wait(ledger: string, waitMsMax: number): Promise<boolean> {
    return new Promise((resolve) => {
      const queue = this.#waiting.get(ledger) ?? [];
      this.#waiting.set(ledger, queue);
      const come = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(come), 1);
        resolve(false);
      }, waitMsMax);
      queue.push(come);
    });
  }

  #giveBack(ledger: string): void {
    const next = this.#waiting.get(ledger)?.shift();
    if (next === undefined) this.#held.delete(ledger);
    else next();
  }
}
