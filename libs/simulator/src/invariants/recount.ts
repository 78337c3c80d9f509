import type { PoolCounts } from '@muster/contracts';

/** What the log says: a machine was seen, or it was retired and counts no more until it is seen again. */
interface Entry {
  readonly machine: string;
  readonly atMs: number;
  readonly as: 'physical' | 'virtual' | 'retired';
}

/**
 * The count made again from a plain log, by other means than the fold under test.
 *
 * {@link countAt} walks a mark along the log: an entry that leaves the window takes its machine out, unless a later entry of that machine stands.
 * {@link literalCountAt} reads the whole log from its beginning, as the definition says it: each machine by its latest entry.
 */
export class Recount {
  readonly #windowMs: number;
  readonly #log: Entry[] = [];
  /** Machine to the place of its latest entry. */
  readonly #latest = new Map<string, number>();
  /** The first entry inside the window. */
  #mark = 0;
  readonly #counts = { physical: 0, virtual: 0, retired: 0 };

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  add(entry: Entry): void {
    const earlier = this.#latest.get(entry.machine);
    if (earlier !== undefined && earlier >= this.#mark) this.#counts[(this.#log[earlier] as Entry).as] -= 1;
    this.#latest.set(entry.machine, this.#log.length);
    this.#log.push(entry);
    this.#counts[entry.as] += 1;
  }

  countAt(nowMs: number): PoolCounts {
    for (let entry = this.#log[this.#mark]; entry !== undefined && entry.atMs <= nowMs - this.#windowMs; entry = this.#log[this.#mark]) {
      if (this.#latest.get(entry.machine) === this.#mark) this.#counts[entry.as] -= 1;
      this.#mark += 1;
    }
    const { physical, virtual } = this.#counts;
    return { physical, virtual };
  }

  literalCountAt(nowMs: number): PoolCounts {
    const latest = new Map<string, Entry>();
    for (const entry of this.#log) latest.set(entry.machine, entry);
    const counts = { physical: 0, virtual: 0, retired: 0 };
    for (const { atMs, as } of latest.values()) if (atMs > nowMs - this.#windowMs) counts[as] += 1;
    return { physical: counts.physical, virtual: counts.virtual };
  }
}
