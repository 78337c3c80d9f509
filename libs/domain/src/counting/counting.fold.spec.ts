import fc from 'fast-check';
import type { HostCertificateClaims, PoolCounts } from '@muster/contracts';
import { seenCodes } from '@muster/contracts';
import type { CountedRow, CountingState } from './counting.fold.js';
import { applyPolicies, applyRow, initialCountingState } from './counting.fold.js';
import { decodeCountingState, encodeCountingState } from './counting.snapshot.js';
import { countAt } from './pool-count.fold.js';
import { tally } from './tally.js';

const DAY_MS = 86_400_000;
const POOLS = ['acme', 'other'];

const policies = (windowDays: number): HostCertificateClaims =>
  ({ pools: POOLS.map((name) => ({ name, countWindowSeconds: windowDays * 86_400, countVirtualMachines: false })) }) as unknown as HostCertificateClaims;

type Step = { readonly afterMs: number } & (
  | { readonly kind: 'seen'; readonly pool: string; readonly machine: string; readonly virtual: boolean }
  | { readonly kind: 'retired'; readonly machine: string }
  | { readonly kind: 'policy'; readonly windowDays: number }
);

type Past = Step & { readonly atMs: number };

const machine = fc.integer({ min: 0, max: 7 }).map((index) => `machine-${index}`);
const afterMs = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: DAY_MS }), fc.integer({ min: 0, max: 40 * DAY_MS }), fc.constant(30 * DAY_MS));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('seen' as const), afterMs, pool: fc.constantFrom(...POOLS), machine, virtual: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('retired' as const), afterMs, machine }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('policy' as const), afterMs, windowDays: fc.constantFrom(1, 30, 45, 90) }) },
);

const START_MS = Date.UTC(2026, 0, 1);

const withTimes = (steps: readonly Step[]): readonly Past[] => {
  let atMs = START_MS;
  return steps.map((taken) => ({ ...taken, atMs: (atMs += taken.afterMs) }));
};

const rowOf = (past: Past & { kind: 'seen' | 'retired' }): CountedRow =>
  past.kind === 'seen'
    ? { recordedAtMs: past.atMs, seen: past.virtual ? seenCodes.seenVirtual : seenCodes.seenPhysical, pool: past.pool, machine: past.machine }
    : { recordedAtMs: past.atMs, seen: seenCodes.retired, pool: null, machine: past.machine };

const take = (state: CountingState, past: Past): void => {
  if (past.kind === 'policy') applyPolicies(state, policies(past.windowDays), past.atMs);
  else applyRow(state, rowOf(past));
};

const foldOf = (history: readonly Past[]): CountingState => {
  const state = initialCountingState();
  applyPolicies(state, policies(30), START_MS);
  for (const past of history) take(state, past);
  return state;
};

/** The definition, read literally: each machine's latest seen request that no retirement followed, if it lies inside the window in force. */
const recount = (history: readonly Past[], pool: string, nowMs: number): PoolCounts => {
  const windowDays = history.reduce((days, past) => (past.kind === 'policy' ? past.windowDays : days), 30);
  const counts = { physical: 0, virtual: 0 };
  for (const name of new Set(history.flatMap((past) => (past.kind === 'policy' ? [] : [past.machine])))) {
    const last = history.findLast((past) => past.kind !== 'policy' && past.machine === name && (past.kind === 'retired' || past.pool === pool));
    if (last?.kind !== 'seen' || last.atMs <= nowMs - windowDays * DAY_MS) continue;
    counts[last.virtual ? 'virtual' : 'physical'] += 1;
  }
  return counts;
};

const countOf = (state: CountingState, pool: string, nowMs: number): PoolCounts => {
  const known = state.get(pool);
  if (known === undefined) throw new Error(`no pool ${pool}`);
  return countAt(known, nowMs);
};

describe('the count', () => {
  it('equals a naive recount after every event and at every later moment', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.array(afterMs, { maxLength: 4 }), (steps, waits) => {
        const history = withTimes(steps);
        const state = foldOf([]);
        history.forEach((past, index) => {
          take(state, past);
          for (const wait of [0, ...waits]) {
            for (const pool of POOLS) expect(countOf(state, pool, past.atMs + wait)).toEqual(recount(history.slice(0, index + 1), pool, past.atMs + wait));
          }
        });
      }),
      { numRuns: 300 },
    );
  });

  it('is the same after its state was stored and read back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat({ max: 60 }), (steps, cut) => {
        const history = withTimes(steps);
        const restored = decodeCountingState(encodeCountingState(foldOf(history.slice(0, cut))));
        for (const past of history.slice(cut)) take(restored, past);
        expect(encodeCountingState(restored)).toEqual(encodeCountingState(foldOf(history)));
      }),
    );
  });

  it('includes a machine seen a millisecond less than 30 days ago, and not one seen 30 days ago', () => {
    const state = foldOf(withTimes([{ kind: 'seen', pool: 'acme', machine: 'a', virtual: false, afterMs: 0 }]));
    expect(countOf(state, 'acme', START_MS + 30 * DAY_MS - 1).physical).toBe(1);
    expect(countOf(state, 'acme', START_MS + 30 * DAY_MS).physical).toBe(0);
  });
});

describe('a tally', () => {
  it('gives each arrival the count that the ledger will show once it is recorded', () => {
    const arrival = fc.record({ pool: fc.constantFrom(...POOLS), machine, virtual: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.array(arrival, { minLength: 1, maxLength: 12 }), afterMs, (steps, arrivals, wait) => {
        const history = withTimes(steps);
        const nowMs = (history.at(-1)?.atMs ?? START_MS) + wait;
        const tallied = tally(foldOf(history), arrivals, nowMs);
        const longer = [...history];
        arrivals.forEach((arriving, index) => {
          longer.push({ kind: 'seen', ...arriving, afterMs: 0, atMs: nowMs });
          expect(tallied[index]).toEqual(recount(longer, arriving.pool, nowMs));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing', () => {
    const state = foldOf(withTimes([{ kind: 'seen', pool: 'acme', machine: 'a', virtual: false, afterMs: 0 }]));
    const before = encodeCountingState(state);
    tally(state, [{ pool: 'acme', machine: 'a', virtual: true }], START_MS + 31 * DAY_MS);
    expect(encodeCountingState(state)).toEqual(before);
  });
});
