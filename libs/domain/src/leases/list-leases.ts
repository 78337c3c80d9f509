import type { LeaseEntry, LeaseStanding, ListLeases } from '@muster/contracts';
import { toInstant } from '@muster/kernel';
import { pageOf } from '../listing/page-of.js';
import type { ActiveLeases, HeldLease } from './active-leases.fold.js';
import { leasesOf } from './active-leases.fold.js';

/** Where a lease stands at `nowMs`: by its times, recorded or not. */
export const standingOf = ({ recorded, expiresAtMs }: Pick<HeldLease, 'recorded' | 'expiresAtMs'>, nowMs: number): LeaseStanding =>
  recorded === 'running' && nowMs >= expiresAtMs ? 'expired' : recorded;

const entryOf = (lease: HeldLease, nowMs: number): LeaseEntry => {
  const { leaseId, machine, product, pool, virtual, issuedAtMs, expiresAtMs, position } = lease;
  return { leaseId, machine, product, pool, virtual, issuedAt: toInstant(issuedAtMs), expiresAt: toInstant(expiresAtMs), standing: standingOf(lease, nowMs), position };
};

/** One page of the latest leases, in the order of their ids. */
export const listLeases = (
  state: ActiveLeases,
  { after, limit, product, machine, standing }: ListLeases,
  nowMs: number,
): { readonly leases: readonly LeaseEntry[]; readonly next?: string } => {
  const candidates = machine === undefined ? state.held.values() : leasesOf(state, machine);
  const wanted = (lease: HeldLease): boolean => (product === undefined || lease.product === product) && (standing === undefined || standingOf(lease, nowMs) === standing);
  const { entries, next } = pageOf(candidates, { keyOf: ({ leaseId }) => leaseId, wanted, limit, after });
  return { leases: entries.map((lease) => entryOf(lease, nowMs)), ...(next === undefined ? {} : { next }) };
};
