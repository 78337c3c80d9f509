import type { DomainEvent } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS, toInstant } from '@muster/kernel';
import { anEvent, TEST_START_MS } from '@muster/testing';
import { applyForkEvent, emptyForks } from './forks.fold.js';

export const DAY_MS = DAY_SECONDS * SECOND_MS;
const LEASE_DAYS = 180;
const granted = anEvent('ActivationGranted').data;
export const { machine: MACHINE, product: PRODUCT } = granted;

export interface Held {
  readonly leaseId: string;
  readonly hash: string;
}

type Way = 'granted' | 'deferred';

const numbered = (form: string, number: number): string => `${form.slice(0, -8)}${String(number).padStart(8, '0')}`;

export const hashOf = (leaseId: string): string => `${leaseId.replaceAll('-', '')}${'h'.repeat(11)}`;

/** A ledger that records requests of one machine and its copies, and the fold beside it. */
export const forkWorld = () => {
  const state = emptyForks();
  const events: DomainEvent[] = [];
  let position = 0;
  let leases = 0;
  let nowMs = TEST_START_MS;

  const record = (event: DomainEvent): number => {
    position += 1;
    events.push(event);
    applyForkEvent(state, { position, recordedAtMs: nowMs, event });
    return position;
  };
  const newLease = (): Held => {
    leases += 1;
    const leaseId = numbered(granted.leaseId, leases);
    return { leaseId, hash: hashOf(leaseId) };
  };
  const times = () => ({ issuedAt: toInstant(nowMs), expiresAt: toInstant(nowMs + LEASE_DAYS * DAY_MS) });
  const requested = (citedLease: string | null, machine: string): number => record({ ...anEvent('ActivationRequested'), data: { ...anEvent('ActivationRequested').data, machine, citedLease } });

  return {
    state,
    record,
    events: events as readonly DomainEvent[],
    pass: (days: number): void => {
      nowMs += days * DAY_MS;
    },
    /** A renewal of what is held; an activation without it. Gives the lease, null where it was deferred, and the position of the request. */
    ask: (held: Held | null, { way = 'granted', machine = MACHINE }: { readonly way?: Way; readonly machine?: string } = {}): { readonly lease: Held | null; readonly at: number } => {
      const at = requested(held?.hash ?? null, machine);
      if (way === 'deferred') {
        const { data } = anEvent('ActivationDeferred');
        record(held === null ? { type: 'ActivationDeferred', data: { ...data, machine } } : { type: 'RenewalDeferred', data: { ...data, machine, lease: held.leaseId } });
        return { lease: null, at };
      }
      const lease = newLease();
      const data = { ...granted, ...times(), machine, leaseId: lease.leaseId };
      record(held === null ? { type: 'ActivationGranted', data } : { type: 'ActivationRenewed', data: { ...data, renewedLease: held.leaseId } });
      return { lease, at };
    },
    /** An activation that cites a lease by nothing but its hash, as those of an ended lease or of another host's do. */
    activate: (hash: string): { readonly lease: Held; readonly at: number } => {
      const at = requested(hash, MACHINE);
      const lease = newLease();
      record({ type: 'ActivationGranted', data: { ...granted, ...times(), leaseId: lease.leaseId } });
      return { lease, at };
    },
  };
};

export type ForkWorld = ReturnType<typeof forkWorld>;

/** Asks and must be given a lease. */
export const renewIn = (world: ForkWorld, held: Held | null): Held => {
  const { lease } = world.ask(held);
  if (lease === null) throw new Error('no lease was given');
  return lease;
};
