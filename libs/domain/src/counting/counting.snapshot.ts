import type { CountingState } from './counting.fold.js';
import type { PoolCount } from './pool-count.fold.js';
import { emptyPoolCount } from './pool-count.fold.js';
import type { Sightings } from './sightings.js';

type StoredSighting = readonly [machine: string, seenAtMs: number, virtual: 0 | 1];

interface StoredPool {
  readonly windowMs: number;
  readonly live: readonly StoredSighting[];
  readonly aged: readonly StoredSighting[];
}

const store = (sightings: Sightings): readonly StoredSighting[] =>
  [...sightings].map(([machine, { seenAtMs, virtual }]) => [machine, seenAtMs, virtual ? 1 : 0]);

const restore = (stored: readonly StoredSighting[], into: Sightings): void => {
  for (const [machine, seenAtMs, virtual] of stored) into.put(machine, { seenAtMs, virtual: virtual === 1 });
};

const restorePool = (stored: StoredPool): PoolCount => {
  const pool = emptyPoolCount(stored.windowMs);
  restore(stored.live, pool.live);
  restore(stored.aged, pool.aged);
  for (const { virtual } of pool.live.values()) {
    if (virtual) pool.virtual += 1;
    else pool.physical += 1;
  }
  return pool;
};

/** The state as JSON, pools by name and machines by latest sighting: equal states give equal bytes. */
export const encodeCountingState = (state: CountingState): Buffer => {
  const pools = [...state]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, pool]) => [name, { windowMs: pool.windowMs, live: store(pool.live), aged: store(pool.aged) }]);
  return Buffer.from(JSON.stringify(pools), 'utf8');
};

/** @throws Error when the bytes are not an encoded state */
export const decodeCountingState = (bytes: Uint8Array): CountingState => {
  const pools = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as readonly (readonly [string, StoredPool])[];
  return new Map(pools.map(([name, stored]) => [name, restorePool(stored)]));
};
