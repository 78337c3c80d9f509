import type { DomainEvent, EventOf } from '@muster/contracts';
import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS, SECOND_MS } from '@muster/kernel';
import { readBy } from '../folds/readers.js';
import { TimeBuckets } from './time-buckets.js';

/** How long an ended lease is still listed as expired or released. What is good or not never rests on it: that is decided from times. */
const ENDED_LISTED_MS = 30 * DAY_SECONDS * SECOND_MS;

/** The latest lease of a machine for a product: a grant or renewal supersedes the one before. */
export interface HeldLease {
  readonly leaseId: string;
  readonly machine: string;
  readonly product: string;
  readonly pool: string;
  readonly virtual: boolean;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** Of the grant or renewal. */
  readonly position: number;
  /** What was recorded of it; a lease past its end is good for nothing, recorded or not. */
  readonly recorded: 'running' | 'released' | 'expired';
}

/**
 * Who holds which lease, kept in O(1) an event. Changed in place, as the counts are: copying maps for each event would cost O(machines).
 */
export interface ActiveLeases {
  /** By machine and product. */
  readonly held: Map<string, HeldLease>;
  /** Lease id to the key in `held`, for current leases only. */
  readonly holders: Map<string, string>;
  readonly byMachine: Map<string, Set<string>>;
  /** Lease id to its end: a released lease stays so until it would have ended, whatever its machine got since. */
  readonly released: Map<string, number>;
  /** Running leases by their end: what the scanner goes through. */
  readonly ends: TimeBuckets<HeldLease>;
  /** What is to be forgotten, by when. */
  readonly forgets: TimeBuckets<Forgettable>;
  /** Renewals by the minute in which they were recorded, of the last hour: what the pace of late ones is measured by. */
  readonly renewedByMinute: Map<number, number>;
}

interface Forgettable {
  readonly leaseId: string;
  readonly atMs: number;
}

/** An event where it stands. */
export interface PlacedEvent {
  readonly position: number;
  readonly recordedAtMs: number;
  readonly event: DomainEvent;
}

export const emptyActiveLeases = (): ActiveLeases => ({
  held: new Map(),
  holders: new Map(),
  byMachine: new Map(),
  released: new Map(),
  ends: new TimeBuckets(),
  forgets: new TimeBuckets(),
  renewedByMinute: new Map(),
});

const holderOf = ({ machine, product }: Pick<HeldLease, 'machine' | 'product'>): string => `${machine} ${product}`;

const remove = (state: ActiveLeases, lease: HeldLease): void => {
  const holder = holderOf(lease);
  state.held.delete(holder);
  state.holders.delete(lease.leaseId);
  state.ends.remove(lease.leaseId, lease.expiresAtMs);
  const holders = state.byMachine.get(lease.machine);
  holders?.delete(holder);
  if (holders?.size === 0) state.byMachine.delete(lease.machine);
};

const forgetLater = ({ forgets }: ActiveLeases, leaseId: string, expiresAtMs: number): void => {
  const atMs = expiresAtMs + ENDED_LISTED_MS;
  forgets.add(leaseId, atMs, { leaseId, atMs });
};

/** Puts a lease in the place of the machine's earlier one for the product. */
export const holdLease = (state: ActiveLeases, lease: HeldLease): void => {
  const holder = holderOf(lease);
  const earlier = state.held.get(holder);
  if (earlier !== undefined) remove(state, earlier);
  state.held.set(holder, lease);
  state.holders.set(lease.leaseId, holder);
  const holders = state.byMachine.get(lease.machine);
  if (holders === undefined) state.byMachine.set(lease.machine, new Set([holder]));
  else holders.add(holder);
  if (lease.recorded === 'running') state.ends.add(lease.leaseId, lease.expiresAtMs, lease);
  else forgetLater(state, lease.leaseId, lease.expiresAtMs);
};

/** Remembers that a lease was released, for as long as somebody might present it as good. */
export const rememberReleased = (state: ActiveLeases, leaseId: string, expiresAtMs: number): void => {
  state.released.set(leaseId, expiresAtMs);
  forgetLater(state, leaseId, expiresAtMs);
};

const granted = ({ position, event }: PlacedEvent & { readonly event: EventOf<'ActivationGranted' | 'ActivationRenewed'> }): HeldLease => {
  const { leaseId, machine, product, pool, virtual, issuedAt, expiresAt } = event.data;
  return { leaseId, machine, product, pool, virtual, issuedAtMs: Date.parse(issuedAt), expiresAtMs: Date.parse(expiresAt), position, recorded: 'running' };
};

/** A lease that was superseded since has no end of its own to record: the event is then no news of the machine's present lease. */
const end = (state: ActiveLeases, leaseId: string, recorded: 'released' | 'expired'): void => {
  const lease = leaseById(state, leaseId);
  if (lease?.recorded !== 'running') return;
  holdLease(state, { ...lease, recorded });
  if (recorded === 'released') rememberReleased(state, leaseId, lease.expiresAtMs);
};

const FORGET_AT_ONCE_MAX = 64; // an event brings at most one thing to forget, so the rest is never long in coming

const forget = (state: ActiveLeases, nowMs: number): void => {
  for (const { leaseId, atMs } of state.forgets.due(nowMs, FORGET_AT_ONCE_MAX)) {
    state.forgets.remove(leaseId, atMs);
    state.released.delete(leaseId);
    const lease = leaseById(state, leaseId);
    if (lease !== undefined && lease.recorded !== 'running') remove(state, lease);
  }
};

const HOUR_MS = HOUR_SECONDS * SECOND_MS;
const MINUTE_MS = MINUTE_SECONDS * SECOND_MS;

/** In log order, so the first minutes of the map are the oldest. */
const countRenewal = ({ renewedByMinute }: ActiveLeases, recordedAtMs: number): void => {
  const minute = Math.floor(recordedAtMs / MINUTE_MS);
  renewedByMinute.set(minute, (renewedByMinute.get(minute) ?? 0) + 1);
  for (const oldest of renewedByMinute.keys()) {
    if ((oldest + 1) * MINUTE_MS > recordedAtMs - HOUR_MS) break;
    renewedByMinute.delete(oldest);
  }
};

/** Renewals that were recorded in the hour before `nowMs`, to the minute. */
export const grantedLastHour = ({ renewedByMinute }: ActiveLeases, nowMs: number): number => {
  let sum = 0;
  for (const [minute, renewed] of renewedByMinute) if ((minute + 1) * MINUTE_MS > nowMs - HOUR_MS) sum += renewed;
  return sum;
};

const isRead = readBy('leases');

/** The state after an event: the same object, changed in place. */
export const applyLeaseEvent = (state: ActiveLeases, placed: PlacedEvent): ActiveLeases => {
  const { event } = placed;
  if (!isRead(event)) return state;
  switch (event.type) {
    case 'ActivationGranted':
    case 'ActivationRenewed':
      holdLease(state, granted({ ...placed, event }));
      if (event.type === 'ActivationRenewed') countRenewal(state, placed.recordedAtMs);
      forget(state, placed.recordedAtMs);
      return state;
    case 'ActivationReleased':
      end(state, event.data.leaseId, 'released');
      return state;
    case 'ActivationExpired':
      end(state, event.data.leaseId, 'expired');
      return state;
    default:
      return event satisfies never;
  }
};

export const heldBy = (state: ActiveLeases, machine: string, product: string): HeldLease | undefined => state.held.get(holderOf({ machine, product }));

export const leaseById = (state: ActiveLeases, leaseId: string): HeldLease | undefined => state.held.get(state.holders.get(leaseId) ?? '');

export const leasesOf = (state: ActiveLeases, machine: string): readonly HeldLease[] =>
  [...(state.byMachine.get(machine) ?? [])].flatMap((holder) => state.held.get(holder) ?? []);

/** Running leases whose end is at or before `nowMs`, at most `limit`. */
export const leasesDue = (state: ActiveLeases, nowMs: number, limit: number): readonly HeldLease[] => state.ends.due(nowMs, limit);

/** Milliseconds since the earliest end that is not recorded yet; 0 when none is due. */
export const expiryLagMs = (state: ActiveLeases, nowMs: number): number => Math.max(0, nowMs - (state.ends.earliestMs() ?? nowMs));
