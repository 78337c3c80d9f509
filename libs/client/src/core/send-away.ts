import { SECOND_MS } from '@muster/kernel';
import { judgedNowMs } from './machine-time.js';
import type { HeldLease, MachineState } from './machine-state.js';
import { LEASE_RESERVE_SHARE } from './policy.js';

/** When only the reserve of a lease is left: 90 days before the end of one of 180. */
export const reserveStartsMs = ({ issuedAtMs, expiresAtMs }: HeldLease): number => expiresAtMs - Math.floor((expiresAtMs - issuedAtMs) * LEASE_RESERVE_SHARE);

/** Whether an overloaded host may send the machine away for longer than the retry interval: it has more than half its lease left. */
export const mayBeSentAway = (state: MachineState, { retryAfterSeconds, nowMs }: { readonly retryAfterSeconds: number | null; readonly nowMs: number }): boolean =>
  retryAfterSeconds !== null && retryAfterSeconds > state.retryAfterSeconds && state.lease !== null && judgedNowMs(state, nowMs) < reserveStartsMs(state.lease);

/** How long the machine stays away: as long as it was told, but never into its reserve, and without one no longer than the retry interval. */
export const sentAwaySeconds = (state: MachineState, { retryAfterSeconds, nowMs }: { readonly retryAfterSeconds: number; readonly nowMs: number }): number => {
  if (!mayBeSentAway(state, { retryAfterSeconds, nowMs }) || state.lease === null) return Math.min(retryAfterSeconds, state.retryAfterSeconds);
  const untilReserveSeconds = Math.floor((reserveStartsMs(state.lease) - judgedNowMs(state, nowMs)) / SECOND_MS);
  return Math.max(Math.min(retryAfterSeconds, untilReserveSeconds), state.retryAfterSeconds);
};
