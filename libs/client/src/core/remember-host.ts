import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import type { MachineState } from './machine-state.js';
import type { Outcome } from './outcome.js';
import { LEASE_RESERVE_SHARE } from './policy.js';

/** Without a lease to take half of: of the lease that S16 names. */
const LEASE_SECONDS_DEFAULT = 180 * DAY_SECONDS;

const patienceMs = ({ lease }: MachineState): number =>
  (lease === null ? LEASE_SECONDS_DEFAULT * SECOND_MS : lease.expiresAtMs - lease.issuedAtMs) * LEASE_RESERVE_SHARE;

/**
 * The host that the machine keeps to. Others stand in while it is away and it is asked first again:
 * a machine that moved at every outage would be counted everywhere. It is forgotten when it has failed for half the lease.
 */
export const rememberHost = (state: MachineState, { host, reply, failed }: Outcome, nowMs: number): MachineState['host'] => {
  const { remembered, failingSinceMs } = state.host;
  const served = reply.type === 'granted' || reply.type === 'deferred';
  if (remembered === null) return { remembered: served ? host : null, failingSinceMs: null };
  if (host === remembered && reply.type !== 'unreachable') return { remembered, failingSinceMs: null };
  if (!failed.some((one) => one.host === remembered)) return state.host;
  const sinceMs = Math.min(failingSinceMs ?? nowMs, nowMs);
  if (nowMs - sinceMs < patienceMs(state)) return { remembered, failingSinceMs: sinceMs };
  return { remembered: served ? host : null, failingSinceMs: null };
};
