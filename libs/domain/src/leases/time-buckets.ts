import { HOUR_SECONDS, SECOND_MS } from '@muster/kernel';

const BUCKET_MS = HOUR_SECONDS * SECOND_MS;

/**
 * Things by the moment they are due, found without looking at those that are not: one bucket an hour, so that leases of 180 days
 * make 4,320 of them. Adding and removing is O(1), because each renewal does both.
 */
export class TimeBuckets<Thing> {
  #size = 0;
  readonly #buckets = new Map<number, Map<string, { readonly atMs: number; readonly thing: Thing }>>();

  get size(): number {
    return this.#size;
  }

  add(key: string, atMs: number, thing: Thing): void {
    this.remove(key, atMs);
    const hour = Math.floor(atMs / BUCKET_MS);
    const bucket = this.#buckets.get(hour) ?? new Map<string, { readonly atMs: number; readonly thing: Thing }>();
    bucket.set(key, { atMs, thing });
    this.#buckets.set(hour, bucket);
    this.#size += 1;
  }

  remove(key: string, atMs: number): void {
    const hour = Math.floor(atMs / BUCKET_MS);
    const bucket = this.#buckets.get(hour);
    if (bucket?.delete(key) === true) this.#size -= 1;
    if (bucket?.size === 0) this.#buckets.delete(hour);
  }

  /** At most `limit` of what is due at `nowMs`, oldest hour first. */
  due(nowMs: number, limit: number): readonly Thing[] {
    const found: Thing[] = [];
    for (const hour of this.#hoursUpTo(nowMs)) {
      for (const { atMs, thing } of this.#buckets.get(hour)?.values() ?? []) {
        if (found.length >= limit) return found;
        if (atMs <= nowMs) found.push(thing);
      }
    }
    return found;
  }

  /** The earliest moment of all, due or not. */
  earliestMs(): number | undefined {
    const hour = Math.min(...this.#buckets.keys());
    const bucket = this.#buckets.get(hour);
    if (bucket === undefined) return undefined;
    let earliest = Infinity;
    for (const { atMs } of bucket.values()) earliest = Math.min(earliest, atMs);
    return earliest;
  }

  #hoursUpTo(nowMs: number): readonly number[] {
    const hours: number[] = [];
    for (const hour of this.#buckets.keys()) if (hour * BUCKET_MS <= nowMs) hours.push(hour);
    return hours.sort((a, b) => a - b);
  }
}
