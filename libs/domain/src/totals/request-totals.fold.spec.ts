import fc from 'fast-check';
import type { DomainEvent, EventOf, LicenceState } from '@muster/contracts';
import { refusalReasons } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS, toInstant } from '@muster/kernel';
import { anEvent, TEST_START_MS } from '@muster/testing';
import type { ActiveLeases } from '../leases/active-leases.fold.js';
import { applyLeaseEvent, emptyActiveLeases } from '../leases/active-leases.fold.js';
import { restoreActiveLeases, storeActiveLeases } from '../leases/active-leases.snapshot.js';
import type { TotalsState } from './request-totals.fold.js';
import { applyToTotals, emptyTotals, totalsOf } from './request-totals.fold.js';
import { restoreTotals, storeTotals } from './request-totals.snapshot.js';

const DAY_MS = DAY_SECONDS * SECOND_MS;

interface Past {
  readonly atMs: number;
  readonly event: DomainEvent;
}

interface View {
  readonly totals: TotalsState;
  readonly leases: ActiveLeases;
}

const empty = (): View => ({ totals: emptyTotals(), leases: emptyActiveLeases() });

const take = ({ totals, leases }: View, { atMs, event }: Past, position: number): void => {
  const placed = { position, recordedAtMs: atMs, event };
  applyToTotals(totals, placed, leases);
  applyLeaseEvent(leases, placed);
};

const foldOf = (history: readonly Past[]): View => {
  const view = empty();
  history.forEach((past, index) => take(view, past, index + 1));
  return view;
};

interface Asker {
  readonly machine: string;
  readonly product: string;
}

const [first, other] = [anEvent('MachineRetired').data.machine, 'A'.repeat(43)];

/** Mostly one, so that its own history gets long. */
const asker: fc.Arbitrary<Asker> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ machine: first, product: 'acme.server' }) },
  { weight: 1, arbitrary: fc.record({ machine: fc.constantFrom(first, other), product: fc.constantFrom('acme.server', 'acme.workstation') }) },
);

const step = fc.record({
  afterMs: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: DAY_MS }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 60 * DAY_MS }) },
    { weight: 1, arbitrary: fc.constantFrom(30 * DAY_MS, 90 * DAY_MS, 180 * DAY_MS, 400 * DAY_MS) },
  ),
  what: fc.constantFrom('grant', 'renew', 'defer', 'defer-renewal', 'refuse', 'give-back', 'force', 'expire', 'expire', 'retire', 'other'),
  asker,
  leaseDays: fc.constantFrom(1, 60, 180),
  reason: fc.constantFrom(...refusalReasons),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const isLease = (event: DomainEvent): event is EventOf<'ActivationGranted' | 'ActivationRenewed'> => event.type === 'ActivationGranted' || event.type === 'ActivationRenewed';

const isOf = ({ machine, product }: Asker, event: Extract<DomainEvent, { readonly data: Asker }>): boolean => event.data.machine === machine && event.data.product === product;

const latestLease = (before: readonly Past[], asker: Asker) => before.map(({ event }) => event).findLast((event) => isLease(event) && isOf(asker, event)) as EventOf<'ActivationGranted'> | undefined;

const wasReleased = (before: readonly Past[], leaseId: string): boolean => before.some(({ event }) => event.type === 'ActivationReleased' && event.data.leaseId === leaseId);

/** What the rules let happen at this moment, if they do. */
const eventOf = ({ what, asker, leaseDays, reason }: Step, before: readonly Past[], atMs: number): DomainEvent | undefined => {
  const leaseId = `00000000-0000-4000-8000-${String(before.length).padStart(12, '0')}`;
  const lease = { ...asker, leaseId, issuedAt: toInstant(atMs), expiresAt: toInstant(atMs + leaseDays * DAY_MS) };
  const held = latestLease(before, asker);
  const endMs = held === undefined || wasReleased(before, held.data.leaseId) ? undefined : Date.parse(held.data.expiresAt);
  const isRunning = endMs !== undefined && atMs < endMs;
  switch (what) {
    case 'grant':
      return anEvent('ActivationGranted', lease);
    case 'renew':
      return isRunning ? anEvent('ActivationRenewed', lease) : undefined;
    case 'defer':
      return anEvent('ActivationDeferred', asker);
    case 'defer-renewal':
      return isRunning ? anEvent('RenewalDeferred', asker) : undefined;
    case 'refuse':
      return anEvent('ActivationRefused', { ...asker, reason });
    case 'give-back':
    case 'force':
      return isRunning && held !== undefined ? anEvent('ActivationReleased', { ...asker, leaseId: held.data.leaseId, reason: what === 'force' ? 'lost' : 'returned' }) : undefined;
    case 'expire': {
      const isRecorded = before.some(({ event }) => event.type === 'ActivationExpired' && event.data.leaseId === held?.data.leaseId);
      if (held === undefined || endMs === undefined || isRunning || isRecorded) return undefined;
      return anEvent('ActivationExpired', { ...asker, leaseId: held.data.leaseId, expiredAt: held.data.expiresAt });
    }
    case 'retire':
      return anEvent('MachineRetired', { machine: asker.machine });
    case 'other':
      return anEvent('ActivationRequested', asker);
  }
};

const historyOf = (steps: readonly Step[]): readonly Past[] => {
  const history: Past[] = [];
  let atMs = TEST_START_MS;
  for (const taken of steps) {
    atMs += taken.afterMs;
    const event = eventOf(taken, history, atMs);
    if (event !== undefined) history.push({ atMs, event });
  }
  return history;
};

/** The definition, read literally. */
const stateBefore = (before: readonly Past[], asker: Asker, atMs: number): LicenceState => {
  const held = latestLease(before, asker)?.data;
  if (held === undefined || wasReleased(before, held.leaseId)) return 'unlicensed';
  const [issuedAtMs, endMs] = [Date.parse(held.issuedAt), Date.parse(held.expiresAt)];
  const leftMs = endMs - atMs;
  if (leftMs <= 0) return leftMs > -400 * DAY_MS ? 'expired' : 'unlicensed';
  if (leftMs <= 30 * DAY_MS) return 'notification';
  return 2 * leftMs <= endMs - issuedAtMs ? 'grace' : 'licensed';
};

const outcomeNames = {
  ActivationGranted: 'granted',
  ActivationDeferred: 'deferred',
  ActivationRenewed: 'renewed',
  RenewalDeferred: 'renewal-deferred',
  ActivationRefused: 'refused',
  ActivationReleased: 'released',
} as const;

const isRequest = (event: DomainEvent): event is EventOf<keyof typeof outcomeNames> => event.type in outcomeNames && !(event.type === 'ActivationReleased' && event.data.reason !== 'returned');

const tallied = <Name extends string>(into: Readonly<Record<Name, number>>, names: readonly Name[]): Record<Name, number> => {
  const counters: Record<Name, number> = { ...into };
  for (const name of names) counters[name] += 1;
  return counters;
};

const recount = (history: readonly Past[]): ReturnType<typeof totalsOf> => {
  const none = totalsOf(emptyTotals());
  const requests = history.flatMap(({ atMs, event }, index) => (isRequest(event) ? [{ atMs, event, before: history.slice(0, index) }] : []));
  const countOf = (wanted: (event: DomainEvent) => boolean): number => history.filter(({ event }) => wanted(event)).length;
  return {
    requests: {
      received: requests.length,
      failed: countOf(({ type }) => type === 'ActivationRefused'),
      failedByReason: tallied(none.requests.failedByReason, requests.flatMap(({ event }) => (event.type === 'ActivationRefused' ? [event.data.reason] : []))),
      byLicenceState: tallied(none.requests.byLicenceState, requests.map(({ atMs, event, before }) => stateBefore(before, event.data, atMs))),
      byOutcome: tallied(none.requests.byOutcome, requests.map(({ event }) => outcomeNames[event.type])),
    },
    others: {
      leasesForceReleased: countOf((event) => event.type === 'ActivationReleased' && event.data.reason !== 'returned'),
      leasesExpired: countOf(({ type }) => type === 'ActivationExpired'),
      machinesRetired: countOf(({ type }) => type === 'MachineRetired'),
    },
  };
};

// Long ones on purpose: a lease must be there before it can do anything.
const steps = fc.array(step, { maxLength: 80, size: 'max' });

describe('the totals of requests', () => {
  it('tell what a machine was when it asked', () => {
    const asker = { machine: first, product: 'acme.server' };
    const leaseId = '00000000-0000-4000-8000-0000000000aa';
    const after = (days: number, event: DomainEvent): Past => ({ atMs: TEST_START_MS + days * DAY_MS, event });
    const grant = (days: number): Past => after(days, anEvent('ActivationGranted', { ...asker, leaseId, issuedAt: toInstant(TEST_START_MS + days * DAY_MS), expiresAt: toInstant(TEST_START_MS + (days + 180) * DAY_MS) }));
    const ask = (days: number): Past => after(days, anEvent('ActivationDeferred', asker));
    const expire = (days: number): Past => after(days, anEvent('ActivationExpired', { ...asker, leaseId, expiredAt: toInstant(TEST_START_MS + days * DAY_MS) }));
    const giveBack = (days: number): Past => after(days, anEvent('ActivationReleased', { ...asker, leaseId }));
    const met = (...history: readonly Past[]): readonly string[] => {
      const view = foldOf(history.slice(0, -1));
      const before = { ...view.totals.byLicenceState };
      take(view, history.at(-1) as Past, history.length);
      return Object.entries(view.totals.byLicenceState).flatMap(([state, count]) => (count > before[state as LicenceState] ? [state] : []));
    };
    expect(met(grant(0))).toEqual(['unlicensed']);
    expect(met(grant(0), ask(89))).toEqual(['licensed']);
    expect(met(grant(0), ask(90))).toEqual(['grace']);
    expect(met(grant(0), ask(150))).toEqual(['notification']);
    expect(met(grant(0), ask(180))).toEqual(['expired']);
    expect(met(grant(0), expire(180), ask(579))).toEqual(['expired']);
    expect(met(grant(0), expire(180), ask(580))).toEqual(['unlicensed']);
    expect(met(grant(0), giveBack(7))).toEqual(['licensed']);
    expect(met(grant(0), giveBack(7), ask(8))).toEqual(['unlicensed']);
    expect(met(grant(0), expire(180), grant(200), giveBack(201), ask(202))).toEqual(['unlicensed']);
    expect(met(grant(0), after(1, anEvent('ActivationDeferred', { machine: first, product: 'acme.workstation' })))).toEqual(['unlicensed']);
    expect(met(grant(0), after(1, anEvent('ActivationReleased', { ...asker, leaseId, reason: 'lost' })))).toEqual([]);
  });

  it('equal a naive recount after every event', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(steps, (taken) => {
        const history = historyOf(taken);
        const view = empty();
        history.forEach((past, index) => {
          take(view, past, index + 1);
          expect(totalsOf(view.totals)).toEqual(recount(history.slice(0, index + 1)));
        });
        const { byLicenceState, byOutcome } = totalsOf(view.totals).requests;
        for (const [name, count] of [...Object.entries(byLicenceState), ...Object.entries(byOutcome)]) if (count > 0) met.add(name);
      }),
      { numRuns: 150 },
    );
    // The histories have everything in them.
    expect(met.size).toBe(11);
  });

  it('sum up to the requests received, by licence state and by outcome', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const { received, failed, ...by } = totalsOf(foldOf(historyOf(taken)).totals).requests;
        const sum = (counters: Readonly<Record<string, number>>): number => Object.values(counters).reduce((all, count) => all + count, 0);
        expect([sum(by.byLicenceState), sum(by.byOutcome), sum(by.failedByReason)]).toEqual([received, received, failed]);
      }),
    );
  });

  it('are the same after they were stored and read back with the leases, wherever that was', () => {
    fc.assert(
      fc.property(steps, fc.nat({ max: 80 }), (taken, cut) => {
        const history = historyOf(taken);
        const { totals, leases } = foldOf(history.slice(0, cut));
        const stored = JSON.parse(JSON.stringify([storeTotals(totals), storeActiveLeases(leases)])) as [ReturnType<typeof storeTotals>, ReturnType<typeof storeActiveLeases>];
        const restored = { totals: restoreTotals(stored[0]), leases: restoreActiveLeases(stored[1]) };
        history.slice(cut).forEach((past, index) => take(restored, past, cut + index + 1));
        expect(totalsOf(restored.totals)).toEqual(totalsOf(foldOf(history).totals));
      }),
    );
  });

  it('do not keep those who never come back for ever', () => {
    const { totals, leases } = empty();
    const years = Array.from({ length: 40 }, (_, year) => TEST_START_MS + year * 365 * DAY_MS);
    years.forEach((atMs, index) => {
      const lease = { machine: `${String(index).padStart(42, '0')}A`, leaseId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`, issuedAt: toInstant(atMs), expiresAt: toInstant(atMs + DAY_MS) };
      take({ totals, leases }, { atMs, event: anEvent('ActivationGranted', lease) }, 2 * index + 1);
      take({ totals, leases }, { atMs: atMs + DAY_MS, event: anEvent('ActivationExpired', { machine: lease.machine, leaseId: lease.leaseId, expiredAt: lease.expiresAt }) }, 2 * index + 2);
    });
    expect(totals.others.leasesExpired).toBe(40);
    expect(totals.lapsed.young.size + totals.lapsed.old.size).toBeLessThanOrEqual(4);
  });
});
