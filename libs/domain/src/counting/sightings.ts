/** A machine's latest seen request. */
export interface Sighting {
  readonly seenAtMs: number;
  readonly virtual: boolean;
}

type Entry = readonly [machine: string, sighting: Sighting];

/**
 * Machines in the order of their latest sighting: an ordered map whose oldest entry is found in O(1).
 *
 * A `Map` alone would do but for one thing: what is deleted and set again leaves a hole where it was until the map is rehashed, and every new iterator
 * walks over all holes before the first entry. Measured at 100,000 machines asking five times each: 21–34 µs an event; with one iterator kept
 * at the front, 0.4 µs.
 */
export class Sightings implements Iterable<Entry> {
  readonly #byMachine = new Map<string, Sighting>();
  #walk: MapIterator<[string, Sighting]> | undefined;
  #front: Entry | undefined;

  get size(): number {
    return this.#byMachine.size;
  }

  get(machine: string): Sighting | undefined {
    return this.#byMachine.get(machine);
  }

  /** Puts the machine at the young end. */
  put(machine: string, sighting: Sighting): void {
    this.#byMachine.delete(machine);
    this.#byMachine.set(machine, sighting);
  }

  delete(machine: string): void {
    this.#byMachine.delete(machine);
  }

  oldest(): Entry | undefined {
    while (this.#byMachine.size > 0) {
      // An entry that was put again is another object: it stands further back now.
      if (this.#front !== undefined && this.#byMachine.get(this.#front[0]) === this.#front[1]) return this.#front;
      this.#walk ??= this.#byMachine.entries();
      const next = this.#walk.next();
      if (next.done === true) this.#walk = undefined;
      else this.#front = next.value;
    }
    return undefined;
  }

  [Symbol.iterator](): Iterator<Entry> {
    return this.#byMachine.entries();
  }

  values(): Iterable<Sighting> {
    return this.#byMachine.values();
  }
}
