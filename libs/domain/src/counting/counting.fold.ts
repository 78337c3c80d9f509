import type { HostCertificateClaims, SeenCode } from '@muster/contracts';
import { seenCodes } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import type { PoolCount } from './pool-count.fold.js';
import { changeWindow, emptyPoolCount, retireMachine, seeMachine } from './pool-count.fold.js';

/** The counts of every pool. Changed in place (see {@link PoolCount}). */
export type CountingState = Map<string, PoolCount>;

/** What an event does to a count, read from its typed columns without its body. */
export interface CountedRow {
  readonly recordedAtMs: number;
  readonly seen: SeenCode;
  readonly pool: string | null;
  readonly machine: string | null;
}

export const initialCountingState = (): CountingState => new Map();

const poolOf = (state: CountingState, name: string): PoolCount => {
  const known = state.get(name);
  if (known !== undefined) return known;
  // Decisions name only pools of a recorded certificate, so this pool got its window from `applyPolicies` before;
  // a pool that a later certificate dropped keeps the window it had.
  const created = emptyPoolCount(0);
  state.set(name, created);
  return created;
};

export const applyRow = (state: CountingState, row: CountedRow): void => {
  switch (row.seen) {
    case seenCodes.nothing:
      return;
    case seenCodes.seenPhysical:
    case seenCodes.seenVirtual:
      if (row.pool === null || row.machine === null) return;
      seeMachine(poolOf(state, row.pool), row.machine, { seenAtMs: row.recordedAtMs, virtual: row.seen === seenCodes.seenVirtual });
      return;
    case seenCodes.retired:
      if (row.machine === null) return;
      for (const pool of state.values()) retireMachine(pool, row.machine);
      return;
    default:
      row.seen satisfies never;
  }
};

/** A certificate took effect: its pools have its windows from here on. */
export const applyPolicies = (state: CountingState, claims: HostCertificateClaims, recordedAtMs: number): void => {
  for (const { name, countWindowSeconds } of claims.pools) {
    const windowMs = countWindowSeconds * SECOND_MS;
    const known = state.get(name);
    if (known === undefined) state.set(name, emptyPoolCount(windowMs));
    else if (known.windowMs !== windowMs) state.set(name, changeWindow(known, windowMs, recordedAtMs));
  }
};
