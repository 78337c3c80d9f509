import { turnedAway } from '@muster/service';

/** `held`: about a lease that a machine has. `new`: a machine that wants its first. */
export type Share = 'held' | 'new';

/** New activations leave this much of the room to machines that would lose something: who waits for a first lease has none to lose. */
const NEW_SHARE = 0.75;

/** Bounds what is under way, and keeps room for renewals when new activations alone would fill the host. */
export class AdmissionShares {
  readonly #onFull: () => void;
  readonly #max: Readonly<Record<Share, number>>;
  readonly #underWay: Record<Share, number> = { held: 0, new: 0 };

  /** @param onFull told of each request that finds no room */
  constructor(inFlightMax: number, onFull: () => void = () => undefined) {
    this.#onFull = onFull;
    this.#max = { held: inFlightMax, new: Math.max(1, Math.floor(inFlightMax * NEW_SHARE)) };
  }

  underWay(share: Share): number {
    return this.#underWay[share];
  }

  /** @throws Problem `overloaded` at once when there is no room; else what `work` throws */
  async run<T>(share: Share, work: () => Promise<T>): Promise<T> {
    const all = this.#underWay.held + this.#underWay.new;
    if (all >= this.#max.held || this.#underWay[share] >= this.#max[share]) {
      this.#onFull();
      throw turnedAway('overloaded', 'The host has more requests under way than it can answer in time, or what room it has is kept for renewals.');
    }
    this.#underWay[share] += 1;
    try {
      return await work();
    } finally {
      this.#underWay[share] -= 1;
    }
  }
}
