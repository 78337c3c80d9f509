import type { ListMachines, MachineEntry } from '@muster/contracts';
import { toInstant } from '@muster/kernel';
import { pageOf } from '../listing/page-of.js';
import type { CountingState } from './counting.fold.js';
import type { Sighting } from './sightings.js';

interface Seen extends Sighting {
  readonly machine: string;
  readonly pool: string;
  readonly counted: boolean;
}

function* seenIn(state: CountingState, pool: string | undefined, nowMs: number): Generator<Seen> {
  for (const [name, { live, aged, windowMs }] of state) {
    if (pool !== undefined && name !== pool) continue;
    for (const sightings of [live, aged]) {
      for (const [machine, { seenAtMs, virtual }] of sightings) yield { machine, pool: name, seenAtMs, virtual, counted: sightings === live && seenAtMs > nowMs - windowMs };
    }
  }
}

/** One page of the machines that each pool remembers, in the order of their ids; a retired machine is not among them. */
export const listMachines = (
  state: CountingState,
  { after, limit, pool, virtual, counted }: ListMachines,
  nowMs: number,
): { readonly machines: readonly MachineEntry[]; readonly next?: string } => {
  const wanted = (seen: Seen): boolean => (virtual === undefined || seen.virtual === virtual) && (counted === undefined || seen.counted === counted);
  const { entries, next } = pageOf(seenIn(state, pool, nowMs), { keyOf: (seen) => `${seen.machine} ${seen.pool}`, wanted, limit, after });
  const machines = entries.map(({ seenAtMs, ...seen }) => ({ machine: seen.machine, pool: seen.pool, virtual: seen.virtual, lastSeenAt: toInstant(seenAtMs), counted: seen.counted }));
  return { machines, ...(next === undefined ? {} : { next }) };
};
