import type { ActiveLeases, HeldLease } from './active-leases.fold.js';
import { emptyActiveLeases, holdLease, rememberReleased } from './active-leases.fold.js';

interface StoredLeases {
  readonly held: readonly HeldLease[];
  readonly released: readonly (readonly [leaseId: string, expiresAtMs: number])[];
  readonly renewedByMinute: readonly (readonly [minute: number, renewed: number])[];
}

/** The state as a JSON value. */
export const storeActiveLeases = ({ held, released, renewedByMinute }: ActiveLeases): StoredLeases => ({
  held: [...held.values()],
  released: [...released],
  renewedByMinute: [...renewedByMinute],
});

export const restoreActiveLeases = ({ held, released, renewedByMinute }: StoredLeases): ActiveLeases => {
  const state = emptyActiveLeases();
  for (const lease of held) holdLease(state, lease);
  for (const [leaseId, expiresAtMs] of released) rememberReleased(state, leaseId, expiresAtMs);
  for (const [minute, renewed] of renewedByMinute) state.renewedByMinute.set(minute, renewed);
  return state;
};
