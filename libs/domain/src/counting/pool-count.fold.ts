import { COUNT_WINDOW_SECONDS_MAX } from '@muster/contracts';
import type { PoolCounts } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import type { Sighting } from './sightings.js';
import { Sightings } from './sightings.js';

/**
 * The count of one pool, kept in O(1) an event.
 *
 * Both maps are in the order of the latest sighting, oldest first: a request moves its machine to the end, and the front is what ages out.
 * `live` holds the machines inside the count window as of the last event; `aged` the older ones, so that a policy with a longer window
 * can take effect without a replay. State is changed in place: copying a map for each event would cost O(machines).
 */
export interface PoolCount {
  windowMs: number;
  readonly live: Sightings;
  readonly aged: Sightings;
  physical: number;
  virtual: number;
}

const REMEMBERED_MS = COUNT_WINDOW_SECONDS_MAX * SECOND_MS;

export const emptyPoolCount = (windowMs: number): PoolCount => ({ windowMs, live: new Sightings(), aged: new Sightings(), physical: 0, virtual: 0 });

const change = (pool: PoolCount, sighting: Sighting, by: 1 | -1): void => {
  if (sighting.virtual) pool.virtual += by;
  else pool.physical += by;
};

const leaveLive = (pool: PoolCount, machine: string, sighting: Sighting): void => {
  pool.live.delete(machine);
  change(pool, sighting, -1);
};

/** Inside the window: seen later than `now − window`, exactly. */
const isInside = (sighting: Sighting, windowMs: number, nowMs: number): boolean => sighting.seenAtMs > nowMs - windowMs;

const ageTo = (pool: PoolCount, nowMs: number): void => {
  for (let oldest = pool.live.oldest(); oldest !== undefined; oldest = pool.live.oldest()) {
    const [machine, sighting] = oldest;
    if (isInside(sighting, pool.windowMs, nowMs)) break;
    leaveLive(pool, machine, sighting);
    pool.aged.put(machine, sighting);
  }
  for (let oldest = pool.aged.oldest(); oldest !== undefined; oldest = pool.aged.oldest()) {
    const [machine, sighting] = oldest;
    if (isInside(sighting, REMEMBERED_MS, nowMs)) break;
    pool.aged.delete(machine);
  }
};

/** A seen request: the machine is the pool's youngest now, and what it says of itself replaces what it said before. */
export const seeMachine = (pool: PoolCount, machine: string, sighting: Sighting): void => {
  const earlier = pool.live.get(machine);
  if (earlier !== undefined) leaveLive(pool, machine, earlier);
  pool.aged.delete(machine);
  pool.live.put(machine, sighting);
  change(pool, sighting, 1);
  ageTo(pool, sighting.seenAtMs);
};

export const retireMachine = (pool: PoolCount, machine: string): void => {
  const sighting = pool.live.get(machine);
  if (sighting !== undefined) leaveLive(pool, machine, sighting);
  pool.aged.delete(machine);
};

/** A new policy takes effect: who is inside is decided again. O(machines), once a certificate. */
export const changeWindow = (pool: PoolCount, windowMs: number, nowMs: number): PoolCount => {
  const changed = emptyPoolCount(windowMs);
  for (const [machine, sighting] of [...pool.aged, ...pool.live]) {
    if (isInside(sighting, windowMs, nowMs)) {
      changed.live.put(machine, sighting);
      change(changed, sighting, 1);
    } else {
      changed.aged.put(machine, sighting);
    }
  }
  return changed;
};

/** The sighting that counts at `nowMs`, if any. */
export const sightingAt = (pool: PoolCount, machine: string, nowMs: number): Sighting | undefined => {
  const sighting = pool.live.get(machine);
  return sighting !== undefined && isInside(sighting, pool.windowMs, nowMs) ? sighting : undefined;
};

/**
 * Distinct machines in the window at `nowMs`, which is not before the last event. Changes nothing: what aged since the last event is
 * subtracted, so that asking for a later moment never spoils the answer for an earlier one.
 */
export const countAt = (pool: PoolCount, nowMs: number): PoolCounts => {
  let { physical, virtual } = pool;
  const oldest = pool.live.oldest();
  if (oldest === undefined || isInside(oldest[1], pool.windowMs, nowMs)) return { physical, virtual };
  for (const sighting of pool.live.values()) {
    if (isInside(sighting, pool.windowMs, nowMs)) break;
    if (sighting.virtual) virtual -= 1;
    else physical -= 1;
  }
  return { physical, virtual };
};
