import fc from 'fast-check';
import type { DomainEvent, HostCertificateClaims, PoolCounts } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS, toNumericDate } from '@muster/kernel';
import { anEvent, TEST_START_MS } from '@muster/testing';
import { hostFold } from '../hosts/host.fold.js';
import { applyLeaseEvent, emptyActiveLeases, grantedLastHour, heldBy } from '../leases/active-leases.fold.js';
import { restoreActiveLeases, storeActiveLeases } from '../leases/active-leases.snapshot.js';
import { decideExpiries, decideForceRelease, decideRelease, decideRetirement } from '../leases/end-leases.decide.js';
import { listLeases } from '../leases/list-leases.js';
import type { GenuineLease } from './presented-lease.rule.js';
import type { LeaseState, RenewalRequest } from './renew-lease.decide.js';
import { decideRenewal } from './renew-lease.decide.js';

const DAY_MS = DAY_SECONDS * SECOND_MS;
const START = TEST_START_MS;
const NEW_LEASE = '00000000-0000-4000-8000-0000000000ff';

const granted = anEvent('ActivationGranted');
const { leaseId, machine, product, expiresAt } = granted.data;
const END_MS = Date.parse(expiresAt);
const hostOf = (overrides: Partial<HostCertificateClaims> = {}): DomainEvent => {
  const event = anEvent('HostActivated');
  return { ...event, data: { ...event.data, claims: { ...event.data.claims, exp: toNumericDate(START) + 3650 * DAY_SECONDS, ...overrides } } };
};
const { host, claims } = anEvent('HostActivated').data;
const other = anEvent('HostRetired').data.host.replace(/^./, (first) => (first === 'x' ? 'y' : 'x'));

const given = (...events: readonly DomainEvent[]): LeaseState =>
  events.reduce<LeaseState>(
    (state, event, index) => ({
      host: hostFold.evolve(state.host, event),
      leases: applyLeaseEvent(state.leases, { position: index + 1, recordedAtMs: START, event }),
    }),
    { host: hostFold.initialState(), leases: emptyActiveLeases() },
  );

const presented: GenuineLease = {
  status: 'genuine',
  digest: 'A'.repeat(43),
  leaseId,
  host,
  organisation: claims.organisation,
  machine,
  product,
  issuedAt: toNumericDate(START),
  expiresAt: toNumericDate(END_MS),
};

const request = (atMs: number, overrides: Partial<RenewalRequest> = {}): RenewalRequest => ({
  machine,
  requestId: '00000000-0000-4000-8000-00000000000a',
  leaseId,
  audience: null,
  issuedAt: toNumericDate(atMs),
  contentDigest: 'B'.repeat(42) + 'A',
  virtual: false,
  drawnFor: null,
  presented,
  ...overrides,
});

const MET: PoolCounts = { physical: 25, virtual: 0 };
const context = (nowMs: number, counts: PoolCounts | undefined = MET) => ({ head: 9, nowMs, clockMs: nowMs, counts, draws: { leaseId: NEW_LEASE, spread: 0.5 } });
const renewed = (state: LeaseState, nowMs: number, overrides: Partial<RenewalRequest> = {}, counts = MET): readonly unknown[] => {
  const decision = decideRenewal(request(nowMs, overrides), state, context(nowMs, counts));
  return decision.status === 'rejected' ? [decision.kind] : decision.events.map(({ type }) => type);
};

describe('the renewal of a lease', () => {
  const week = START + 7 * DAY_MS;

  it('is a new lease of full length, which names the one it renews', () => {
    const decision = decideRenewal(request(week), given(hostOf(), granted), context(week));
    if (decision.status === 'rejected') throw new Error(decision.kind);
    expect(decision.events).toMatchObject([
      { type: 'ActivationRequested', data: { citedLease: presented.digest } },
      { type: 'ActivationRenewed', data: { leaseId: NEW_LEASE, renewedLease: leaseId, issuedAt: '2026-01-12T08:00:00.000Z', expiresAt: '2026-07-11T08:00:00.000Z' } },
    ]);
  });

  it('records the moment that the machine says it drew: whether it came late is decided from it', () => {
    const askedWith = (drawnFor: number | null): object | undefined => {
      const decision = decideRenewal(request(week, { drawnFor }), given(hostOf(), granted), context(week));
      return decision.status === 'recorded' ? decision.events[0].data : undefined;
    };
    expect(askedWith(toNumericDate(week))).toMatchObject({ drawnFor: toNumericDate(week) });
    expect(askedWith(null)).not.toHaveProperty('drawnFor');
  });

  it('is deferred when the count has fallen, and the lease keeps running', () => {
    const state = given(hostOf(), granted);
    const decision = decideRenewal(request(week), state, context(week, { physical: 24, virtual: 9 }));
    expect(decision).toMatchObject({ status: 'recorded', events: [{}, { type: 'RenewalDeferred', data: { lease: leaseId, basis: { count: 24, threshold: 25 } } }] });
    const after = given(hostOf(), granted, ...(decision.status === 'recorded' ? decision.events : []));
    expect(heldBy(after.leases, machine, product)).toMatchObject({ leaseId, recorded: 'running' });
  });

  it('of another host’s lease is an activation here', () => {
    const elsewhere = { presented: { ...presented, host: other } };
    expect(renewed(given(hostOf()), week, elsewhere)).toEqual(['ActivationRequested', 'ActivationGranted']);
    expect(renewed(given(hostOf()), week, elsewhere, { physical: 1, virtual: 0 })).toEqual(['ActivationRequested', 'ActivationDeferred']);
  });

  it('goes through for a lease that the machine’s later one superseded, unless that was released', () => {
    const later = anEvent('ActivationRenewed', { leaseId: NEW_LEASE, renewedLease: leaseId });
    expect(renewed(given(hostOf(), granted, later), week)).toEqual(['ActivationRequested', 'ActivationRenewed']);
    expect(renewed(given(hostOf(), granted, later, anEvent('ActivationReleased', { leaseId: NEW_LEASE })), week)).toEqual(['lease-released']);
  });

  it('does not bring a released lease back, also when its machine was activated anew', () => {
    const state = given(hostOf(), granted, anEvent('ActivationReleased', { leaseId }), anEvent('ActivationGranted', { leaseId: NEW_LEASE }));
    expect(renewed(state, week)).toEqual(['lease-released']);
    expect(renewed({ ...state, leases: restoreActiveLeases(storeActiveLeases(state.leases)) }, week)).toEqual(['lease-released']);
  });

  it.each<readonly [string, string, Partial<RenewalRequest>]>([
    ['nobody trusts', 'lease-not-trusted', { presented: { status: 'not-trusted', digest: 'A'.repeat(43), detail: 'forged' } }],
    ['of another organisation', 'lease-not-trusted', { presented: { ...presented, organisation: 'somebody-else' } }],
    ['of another machine', 'lease-not-yours', { presented: { ...presented, machine: other } }],
    ['that the path does not name', 'malformed-request', { leaseId: NEW_LEASE }],
    ['of a product that the vendor no longer lists', 'unknown-product', { presented: { ...presented, host: other, product: 'acme.toaster' } }],
    ['for another host', 'wrong-host', { audience: other }],
    ['asked for yesterday', 'request-not-fresh', { issuedAt: toNumericDate(week) - DAY_SECONDS }],
  ])('is rejected for a lease %s: %s', (_, kind, overrides) => expect(renewed(given(hostOf(), granted), week, overrides)).toEqual([kind]));

  it('is rejected for a lease that the ledger does not hold, and on a host without a certificate', () => {
    expect(renewed(given(hostOf()), week)).toEqual(['lease-unknown']);
    expect(renewed(given(), week)).toEqual(['host-not-activated']);
  });

  it('is taken until the certificate’s renewal grace has passed, an activation only until its end', () => {
    const end = toNumericDate(START) + 10 * DAY_SECONDS;
    const state = given(hostOf({ exp: end, renewalGraceSeconds: 5 * DAY_SECONDS }), granted);
    const outcome = (seconds: number, overrides: Partial<RenewalRequest> = {}) => renewed(state, seconds * SECOND_MS, overrides).at(-1);
    expect(outcome(end)).toBe('ActivationRenewed');
    expect(outcome(end + 5 * DAY_SECONDS - 1)).toBe('ActivationRenewed');
    expect(outcome(end + 5 * DAY_SECONDS)).toBe('ActivationRefused');
    expect(outcome(end, { presented: { ...presented, host: other } })).toBe('ActivationRefused');
  });

  it('waits where it comes late among many', () => {
    const state = given(hostOf(), granted);
    for (let renewal = 0; renewal < 200; renewal += 1) applyLeaseEvent(state.leases, { position: 3 + renewal, recordedAtMs: week + DAY_MS, event: anEvent('ActivationRenewed', { machine: other, leaseId: NEW_LEASE }) });
    expect(grantedLastHour(state.leases, week + DAY_MS)).toBe(200);
    const decision = decideRenewal(request(week + DAY_MS), state, context(week + DAY_MS));
    expect(decision).toMatchObject({ status: 'rejected', kind: 'overloaded' });
    expect(decision.status === 'rejected' && (decision.retryAfterSeconds ?? 0) >= DAY_SECONDS).toBe(true);
    expect(renewed(state, week + DAY_MS, { drawnFor: toNumericDate(week + DAY_MS) }).at(-1)).toBe('ActivationRenewed');
    expect(grantedLastHour(state.leases, week + 2 * DAY_MS)).toBe(0);
  });
});

describe('the end of a lease', () => {
  const at = (nowMs: number) => ({ head: 9, nowMs, clockMs: nowMs });

  it('comes when the machine gives it back: the latest one, whichever it presents', () => {
    const later = anEvent('ActivationRenewed', { leaseId: NEW_LEASE, renewedLease: leaseId });
    const state = given(hostOf(), granted, later);
    expect(decideRelease(request(START), state, at(START))).toMatchObject({ status: 'recorded', events: [{ type: 'ActivationReleased', data: { leaseId: NEW_LEASE, reason: 'returned' } }] });
    expect(decideRelease(request(START), given(hostOf(), granted, anEvent('ActivationReleased', { leaseId })), at(START))).toMatchObject({ kind: 'lease-released' });
    expect(decideRelease(request(START, { presented: { ...presented, host: other } }), state, at(START))).toMatchObject({ kind: 'lease-unknown' });
    expect(decideRelease(request(END_MS), state, at(END_MS))).toMatchObject({ kind: 'lease-expired' });
  });

  it('comes by an administrator’s order, for a lease that runs', () => {
    const order = { leaseId, reason: 'lost' } as const;
    expect(decideForceRelease(order, given(hostOf(), granted), at(START))).toMatchObject({ events: [{ type: 'ActivationReleased', data: { leaseId, reason: 'lost' } }] });
    expect(decideForceRelease(order, given(hostOf()), at(START))).toMatchObject({ kind: 'lease-unknown' });
    expect(decideForceRelease(order, given(hostOf(), granted), at(END_MS))).toMatchObject({ kind: 'lease-expired' });
    expect(decideForceRelease(order, given(granted), at(START))).toMatchObject({ kind: 'host-not-activated' });
  });

  it('comes for all that a machine holds when it is retired', () => {
    const second = anEvent('ActivationGranted', { leaseId: NEW_LEASE, product: 'acme.server' });
    const decision = decideRetirement({ machine, reason: 'decommissioned' }, given(hostOf(), granted, second), { ...at(START), isKnown: true });
    expect(decision).toMatchObject({ events: [{ type: 'MachineRetired' }, { data: { leaseId, reason: 'decommissioned' } }, { data: { leaseId: NEW_LEASE } }] });
    expect(decideRetirement({ machine, reason: 'lost' }, given(hostOf()), { ...at(START), isKnown: false })).toMatchObject({ kind: 'machine-unknown' });
  });

  it('is recorded from its exact end on, once, and never for a lease that was superseded or released', () => {
    const state = given(hostOf(), granted);
    expect(decideExpiries(state, at(END_MS - 1), 10)).toEqual([]);
    const ends = decideExpiries(state, at(END_MS), 10);
    expect(ends).toMatchObject([{ type: 'ActivationExpired', data: { leaseId, expiredAt: expiresAt } }]);
    expect(decideExpiries(given(hostOf(), granted, ...ends), at(END_MS), 10)).toEqual([]);
    expect(decideExpiries(given(hostOf(), granted, anEvent('ActivationReleased', { leaseId })), at(END_MS), 10)).toEqual([]);
    const later = anEvent('ActivationRenewed', { leaseId: NEW_LEASE, renewedLease: leaseId, expiresAt: '2027-01-01T00:00:00.000Z' });
    expect(decideExpiries(given(hostOf(), granted, later), at(END_MS), 10)).toEqual([]);
  });

  it('and its renewal are never decided at the same moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3 * SECOND_MS, max: 3 * SECOND_MS }), (offsetMs) => {
        const nowMs = END_MS + offsetMs;
        const state = given(hostOf(), granted);
        const isRenewed = renewed(state, nowMs).at(-1) === 'ActivationRenewed';
        expect(isRenewed).toBe(decideExpiries(state, at(nowMs), 10).length === 0);
      }),
    );
  });

  it('is listed for a while, and then forgotten', () => {
    const state = given(hostOf(), granted, anEvent('ActivationExpired', { leaseId }));
    const standings = () => listLeases(state.leases, { limit: 10 }, END_MS + DAY_MS).leases.map(({ standing }) => standing);
    expect(standings()).toEqual(['expired']);
    applyLeaseEvent(state.leases, { position: 9, recordedAtMs: END_MS + 30 * DAY_MS, event: anEvent('ActivationGranted', { machine: other, leaseId: NEW_LEASE, expiresAt: '2027-01-01T00:00:00.000Z' }) });
    expect(standings()).toEqual(['running']);
  });
});

it('a page after another lists every lease once, in order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid({ version: 4 }), { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (ids, limit) => {
      const state = emptyActiveLeases();
      ids.forEach((id, index) => applyLeaseEvent(state, { position: index + 1, recordedAtMs: START, event: anEvent('ActivationGranted', { leaseId: id, product: `p${index}` }) }));
      const found: string[] = [];
      for (let after: string | undefined, more = true; more; ) {
        const { leases, next } = listLeases(state, { limit, ...(after === undefined ? {} : { after }) }, START);
        found.push(...leases.map((lease) => lease.leaseId));
        [after, more] = [next, next !== undefined];
      }
      expect(found).toEqual([...ids].sort());
    }),
  );
});
