import assert from 'node:assert/strict';
import type { CloudEvent, EventOf } from '@muster/contracts';
import { factOf } from './audit-ledger.js';

/** How a lease came to its end. One that runs has none. */
export type LeaseEnd = 'superseded' | 'released' | 'expired';

export interface AuditedLease {
  readonly leaseId: string;
  readonly machine: string;
  readonly product: string;
  readonly expiresAtMs: number;
  /** The lease that it renews. */
  readonly renews: string | undefined;
  end: { readonly how: LeaseEnd; readonly position: number } | undefined;
}

type Given = EventOf<'ActivationGranted' | 'ActivationRenewed'>;

const givenBy = ({ type, data }: Given): AuditedLease => ({
  leaseId: data.leaseId,
  machine: data.machine,
  product: data.product,
  expiresAtMs: Date.parse(data.expiresAt),
  renews: type === 'ActivationRenewed' ? data.renewedLease : undefined,
  end: undefined,
});

/**
 * Follows each lease from its grant to its end, from the events alone: one end a lease at most, nothing renewed, released or expired that was not
 * running, nothing expired before its time, and each expiry on record once its time is over.
 *
 * @param recordedUntilMs every lease that ended by then must have its end on record
 */
export const auditLeases = (events: readonly CloudEvent[], { recordedUntilMs }: { readonly recordedUntilMs: number }): ReadonlyMap<string, AuditedLease> => {
  const leases = new Map<string, AuditedLease>();
  const current = new Map<string, AuditedLease>();

  const known = (leaseId: string, position: number): AuditedLease => {
    const lease = leases.get(leaseId);
    assert.ok(lease !== undefined, `position ${position} is about lease ${leaseId}, which nobody was given before`);
    return lease;
  };
  const end = (lease: AuditedLease, how: LeaseEnd, position: number): void => {
    assert.equal(lease.end, undefined, `lease ${lease.leaseId}: ${how} at position ${position} after it was ${lease.end?.how} at ${lease.end?.position}`);
    lease.end = { how, position };
  };
  const give = (lease: AuditedLease, { position, time }: CloudEvent): void => {
    assert.ok(!leases.has(lease.leaseId), `position ${position} gives lease ${lease.leaseId} again`);
    if (lease.renews !== undefined) {
      const renewed = known(lease.renews, position);
      assert.deepEqual([renewed.machine, renewed.product], [lease.machine, lease.product], `position ${position} renews another machine's lease`);
      assert.ok(Date.parse(time) < renewed.expiresAtMs, `position ${position} renews a lease that had run out`);
      assert.notEqual(renewed.end?.how, 'released', `position ${position} renews a released lease`);
    }
    const holder = `${lease.machine} ${lease.product}`;
    const earlier = current.get(holder);
    if (earlier !== undefined && earlier.end === undefined) end(earlier, 'superseded', position);
    leases.set(lease.leaseId, lease);
    current.set(holder, lease);
  };

  for (const event of events) {
    const { position, time } = event;
    const fact = factOf(event);
    if (fact.type === 'ActivationGranted' || fact.type === 'ActivationRenewed') give(givenBy(fact), event);
    if (fact.type === 'RenewalDeferred') assert.equal(known(fact.data.lease, position).machine, fact.data.machine, `position ${position} defers another machine's lease`);
    if (fact.type === 'ActivationReleased') end(known(fact.data.leaseId, position), 'released', position);
    if (fact.type === 'ActivationExpired') {
      const lease = known(fact.data.leaseId, position);
      assert.equal(Date.parse(fact.data.expiredAt), lease.expiresAtMs, `position ${position} says when lease ${lease.leaseId} ended`);
      assert.ok(Date.parse(time) >= lease.expiresAtMs, `position ${position} ends lease ${lease.leaseId} before its time`);
      end(lease, 'expired', position);
    }
  }
  for (const { leaseId, end: ended, expiresAtMs } of leases.values()) {
    assert.ok(ended !== undefined || expiresAtMs > recordedUntilMs, `lease ${leaseId} ran out at ${new Date(expiresAtMs).toISOString()}, and no event says so`);
  }
  return leases;
};

/** How many leases ended in which way, and how many run. */
export const countEnds = (leases: ReadonlyMap<string, AuditedLease>): Readonly<Record<LeaseEnd | 'running', number>> => {
  const ends = { superseded: 0, released: 0, expired: 0, running: 0 };
  for (const { end } of leases.values()) ends[end?.how ?? 'running'] += 1;
  return ends;
};
