import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import { seededDraws, TEST_START_MS } from '@muster/testing';
import { beginAttempt } from './begin-attempt.js';
import { activated, busy, contact, DAY_MS, deferred, from, granted, HOST, OTHER_HOST, PRODUCT, refused, RETRY_SECONDS, unreachable } from './core.fixture.js';
import { evolve } from './evolve.js';
import { newMachineState } from './new-machine-state.js';
import { nextAction } from './next-action.js';

const START = TEST_START_MS;
const draws = () => seededDraws('evolve');

describe('a machine without a lease', () => {
  it('asks at once, and again after the interval that the host names', () => {
    const fresh = newMachineState(PRODUCT);
    expect(nextAction(fresh, START)).toEqual({ type: 'activate' });
    const { state } = contact(fresh, { nowMs: START, draws: draws(), answers: { [HOST]: deferred(START) } });
    expect(nextAction(state, START)).toEqual({ type: 'wait', untilMs: START + RETRY_SECONDS * SECOND_MS });
    expect(nextAction(state, START + RETRY_SECONDS * SECOND_MS)).toEqual({ type: 'activate' });
  });

  it('without any answer backs off, at random and never beyond the retry interval', () => {
    let state = newMachineState(PRODUCT);
    const chance = draws();
    const waits: number[] = [];
    for (let round = 0, nowMs = START; round < 12; round += 1) {
      state = contact(state, { nowMs, draws: chance, answers: { [HOST]: unreachable } }).state;
      const next = nextAction(state, nowMs);
      const waitMs = next.type === 'wait' ? (next.untilMs ?? 0) - nowMs : 0;
      waits.push(waitMs / SECOND_MS);
      nowMs += waitMs;
    }
    waits.forEach((wait, index) => {
      const cap = Math.min(RETRY_SECONDS, 60 * 2 ** index);
      expect(wait).toBeGreaterThanOrEqual(cap / 2);
      expect(wait).toBeLessThanOrEqual(cap);
    });
    expect(new Set(waits).size).toBe(waits.length);
  });
});

describe('attempts by hand', () => {
  it('while a host is away do not lengthen the wait', () => {
    let state = newMachineState(PRODUCT);
    for (let attempt = 0; attempt < 20; attempt += 1) state = contact(state, { nowMs: START + attempt, draws: draws(), answers: { [HOST]: busy(null) } }).state;
    expect(state).toMatchObject({ failing: { rounds: 1, sinceMs: START } });
    expect((state.due?.atMs ?? 0) - START).toBeLessThan(61_000);
  });
});

describe('a request', () => {
  it('keeps its id until its outcome is known', () => {
    const chance = draws();
    const first = contact(newMachineState(PRODUCT), { nowMs: START, draws: chance, answers: { [HOST]: unreachable } });
    const second = contact(first.state, { nowMs: START + 1000, draws: chance, answers: { [HOST]: busy(2) } });
    const third = contact(second.state, { nowMs: START + 2000, draws: chance, answers: { [HOST]: deferred(START) } });
    const fourth = contact(third.state, { nowMs: START + DAY_MS, draws: chance, answers: { [HOST]: unreachable } });
    expect([second.requestId, third.requestId]).toEqual([first.requestId, first.requestId]);
    expect(fourth.requestId).not.toBe(first.requestId);
  });

  it('that asks for something else has an id of its own', () => {
    const chance = draws();
    const asking = beginAttempt(newMachineState(PRODUCT), { nowMs: START, draws: chance, virtual: false });
    expect(beginAttempt(asking, { nowMs: START, draws: chance, virtual: false }).wish).toEqual(asking.wish);
    expect(beginAttempt(asking, { nowMs: START, draws: chance, virtual: true }).wish.requestId).not.toBe(asking.wish.requestId);
  });

  it('to renew says the moment that was drawn for it', () => {
    const state = activated();
    expect(state.drawnForMs).not.toBeNull();
    expect(beginAttempt(state, { nowMs: state.due?.atMs ?? 0, draws: draws() }).wish).toMatchObject({ kind: 'renewal', drawnForMs: state.drawnForMs });
  });
});

describe('a machine with a lease', () => {
  it('draws its moment once, inside the window', () => {
    const state = activated();
    const dueMs = state.due?.atMs ?? 0;
    expect(dueMs).toBeGreaterThanOrEqual(START + 6 * DAY_MS);
    expect(dueMs).toBeLessThanOrEqual(START + 7 * DAY_MS);
    expect(nextAction(state, dueMs - 1)).toEqual({ type: 'wait', untilMs: dueMs });
    expect(nextAction(state, dueMs)).toEqual({ type: 'renew' });
  });

  it('keeps it when the renewal is deferred', () => {
    const before = activated();
    const nowMs = before.due?.atMs ?? 0;
    const { state } = contact(before, { nowMs, draws: draws(), answers: { [HOST]: deferred(nowMs) } });
    expect(state.lease).toEqual(before.lease);
    expect(nextAction(state, nowMs + RETRY_SECONDS * SECOND_MS)).toEqual({ type: 'renew' });
  });

  it.each(['lease-unknown', 'lease-released', 'lease-expired', 'lease-not-trusted'])('asks for a new one at once when the host answers %s', (code) => {
    const before = activated();
    const nowMs = before.due?.atMs ?? 0;
    const { state } = contact(before, { nowMs, draws: draws(), answers: { [HOST]: refused(code) } });
    expect(nextAction(state, nowMs)).toEqual({ type: 'activate' });
    expect(state.lease).toEqual(before.lease);
    const again = contact(state, { nowMs, draws: draws(), answers: { [HOST]: refused('unknown-product') } });
    expect(nextAction(again.state, nowMs)).toEqual({ type: 'wait', untilMs: nowMs + RETRY_SECONDS * SECOND_MS });
  });

  it('asks for a new one when it has run out', () => {
    const state = activated();
    expect(nextAction(state, START + 180 * DAY_MS)).toEqual({ type: 'activate' });
  });

  it('goes by the interval of the latest answer', () => {
    const before = activated();
    const nowMs = before.due?.atMs ?? 0;
    const reply = { ...granted(nowMs), renewAfterSeconds: 900, retryAfterSeconds: 1800, renewalWindow: { opensAfterSeconds: 600, closesAfterSeconds: 900 } } as const;
    const { state } = contact(before, { nowMs, draws: draws(), answers: { [HOST]: reply } });
    expect(state).toMatchObject({ renewAfterSeconds: 900, retryAfterSeconds: 1800 });
    expect((state.due?.atMs ?? 0) - nowMs).toBeLessThanOrEqual(900_000);
  });

  it('rests once it was released, until somebody asks', () => {
    const state = evolve(beginAttempt(activated(), { nowMs: START, draws: draws(), kind: 'release' }), from({ type: 'released', releasedAtMs: START }), START, draws());
    expect(state.lease).toBeNull();
    expect(nextAction(state, START + 400 * DAY_MS)).toEqual({ type: 'wait', untilMs: null });
    const asked = evolve(beginAttempt(state, { nowMs: START, draws: draws(), kind: 'activation' }), from(deferred(START)), START, draws());
    expect(nextAction(asked, START + DAY_MS)).toEqual({ type: 'activate' });
  });

  it('keeps its lease and its schedule when a release reaches nobody', () => {
    const before = activated();
    const after = evolve(beginAttempt(before, { nowMs: START, draws: draws(), kind: 'release' }), from(unreachable, null), START, draws());
    expect(after).toMatchObject({ lease: before.lease, due: before.due, intent: 'renew', wish: { kind: 'release' } });
  });
});

describe('an overloaded host', () => {
  const days = 3 * DAY_SECONDS;

  it('may send a machine away for days while it has more than half its lease', () => {
    const before = activated();
    const nowMs = START + 80 * DAY_MS;
    const { state, asked } = contact(before, { nowMs, draws: draws(), answers: { [HOST]: busy(days), [OTHER_HOST]: granted(nowMs) } });
    expect(asked).toEqual([HOST]); // obeyed, not gone round
    expect(nextAction(state, nowMs)).toEqual({ type: 'wait', untilMs: nowMs + days * SECOND_MS });
  });

  it('never into its second half', () => {
    const nowMs = START + 89 * DAY_MS;
    const { state } = contact(activated(), { nowMs, draws: draws(), answers: { [HOST]: busy(days) } });
    expect(nextAction(state, nowMs)).toEqual({ type: 'wait', untilMs: START + 90 * DAY_MS });
  });

  it.each([
    ['a machine in the second half of its lease', activated(), START + 100 * DAY_MS],
    ['a machine without a lease', newMachineState(PRODUCT), START],
  ])('sends %s away for the retry interval at most', (_who, before, nowMs) => {
    const { state } = contact(before, { nowMs, draws: draws(), answers: { [HOST]: busy(days) } });
    expect(nextAction(state, nowMs)).toEqual({ type: 'wait', untilMs: nowMs + RETRY_SECONDS * SECOND_MS });
  });

  it('is not asked before the moment it names', () => {
    const { state } = contact(activated(), { nowMs: START + 7 * DAY_MS, draws: draws(), answers: { [HOST]: busy(600) } });
    expect(nextAction(state, START + 7 * DAY_MS)).toEqual({ type: 'wait', untilMs: START + 7 * DAY_MS + 600_000 });
  });
});
