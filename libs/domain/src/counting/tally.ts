import type { PoolCounts } from '@muster/contracts';
import type { CountingState } from './counting.fold.js';
import { countAt, sightingAt } from './pool-count.fold.js';

/** A machine whose request is about to be recorded. */
export interface Arrival {
  readonly pool: string;
  readonly machine: string;
  readonly virtual: boolean;
  /** It asks for the counts, and will not be in them: not enrolled where only enrolled machines count. */
  readonly counted?: false | undefined;
}

const kindOf = (virtual: boolean): keyof PoolCounts => (virtual ? 'virtual' : 'physical');

/**
 * What the counts will be after each arrival, in the order of recording; the arriving machine is included in its own answer (S12), if it counts.
 * Changes nothing: the arrivals are not recorded yet. O(arrivals).
 */
export const tally = (state: CountingState, arrivals: readonly Arrival[], nowMs: number): readonly PoolCounts[] => {
  const counts = new Map<string, PoolCounts>();
  const arrived = new Map<string, boolean>();
  return arrivals.map(({ pool: name, machine, virtual, counted }) => {
    const pool = state.get(name);
    const key = `${name} ${machine}`;
    const before = counts.get(name) ?? (pool === undefined ? { physical: 0, virtual: 0 } : countAt(pool, nowMs));
    if (counted === false) return before;
    const wasVirtual = arrived.get(key) ?? (pool === undefined ? undefined : sightingAt(pool, machine, nowMs)?.virtual);
    const after = { ...before };
    if (wasVirtual !== undefined) after[kindOf(wasVirtual)] -= 1;
    after[kindOf(virtual)] += 1;
    counts.set(name, after);
    arrived.set(key, virtual);
    return after;
  });
};
