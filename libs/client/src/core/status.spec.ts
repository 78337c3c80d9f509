import { DAY_SECONDS } from '@muster/kernel';
import { seededDraws, TEST_START_MS } from '@muster/testing';
import fc from 'fast-check';
import { beginAttempt } from './begin-attempt.js';
import { activated, aLease, DAY_MS, deferred, from, granted, PRODUCT, refused, unreachable } from './core.fixture.js';
import { evolve } from './evolve.js';
import { clockSetBackSeconds, observeTime } from './machine-time.js';
import type { MachineState } from './machine-state.js';
import { newMachineState } from './new-machine-state.js';
import { nextAction } from './next-action.js';
import { statusOf, type LicenceStatus } from './status.js';

const START = TEST_START_MS;
const draws = seededDraws('status');
const rank: Readonly<Record<LicenceStatus, number>> = { licensed: 0, grace: 1, notification: 2, expired: 3, unlicensed: 4 };

describe('the status of a machine', () => {
  it.each<[number, LicenceStatus, string]>([
    [0, 'licensed', 'lease-good'],
    [90 * DAY_MS - 1, 'licensed', 'lease-good'],
    [90 * DAY_MS, 'grace', 'lease-half-gone'],
    [150 * DAY_MS - 1, 'grace', 'lease-half-gone'],
    [150 * DAY_MS, 'notification', 'lease-ends-soon'],
    [180 * DAY_MS - 1, 'notification', 'lease-ends-soon'],
    [180 * DAY_MS, 'expired', 'lease-ended'],
  ])('%d ms after the grant is %s (%s)', (afterMs, status, reason) => expect(statusOf(activated(), START + afterMs)).toMatchObject({ status, reason }));

  it('warns when the product says', () => {
    const thresholds = { graceSeconds: 170 * DAY_SECONDS, notificationSeconds: 100 * DAY_SECONDS };
    expect([5, 10, 80].map((day) => statusOf(activated(), START + day * DAY_MS, thresholds).status)).toEqual(['licensed', 'grace', 'notification']);
  });

  it.each([
    ['never-asked', newMachineState(PRODUCT)],
    ['below-threshold', evolve(beginAttempt(newMachineState(PRODUCT), { nowMs: START, draws }), from(deferred(START)), START, draws)],
    ['refused', evolve(beginAttempt(newMachineState(PRODUCT), { nowMs: START, draws }), from(refused('unknown-product')), START, draws)],
    ['no-answer', evolve(beginAttempt(newMachineState(PRODUCT), { nowMs: START, draws }), from(unreachable), START, draws)],
    ['released', evolve(beginAttempt(activated(), { nowMs: START, draws, kind: 'release' }), from({ type: 'released', releasedAtMs: START }), START, draws)],
  ])('without a lease is unlicensed and says why: %s', (reason, state) => {
    const status = statusOf(state, START);
    expect(status).toMatchObject({ status: 'unlicensed', reason });
    expect(status.whatToDo).not.toBe('');
  });
});

describe('a clock set back', () => {
  it('by seconds changes nothing', () => {
    const state = observeTime(activated(), START + 100 * DAY_MS);
    expect(statusOf(state, START + 100 * DAY_MS - 2000)).toMatchObject({ status: 'grace', clockSetBackSeconds: 0 });
  });

  it('by more is told, and the next contact comes at once instead of after the gap', () => {
    const state = activated();
    const nowMs = START - 400 * DAY_MS;
    expect(clockSetBackSeconds(state, nowMs)).toBe(400 * DAY_SECONDS);
    expect(statusOf(state, nowMs).whatToDo).toMatch(/^Set the clock/);
    expect(nextAction(state, nowMs)).toEqual({ type: 'renew' });
    const failed = evolve(beginAttempt(state, { nowMs, draws }), from(unreachable), nowMs, draws);
    expect(nextAction(failed, nowMs)).toMatchObject({ type: 'wait' });
  });

  it('never improves the status (for all walks of the clock)', () => {
    const days = fc.double({ min: -400, max: 400, noNaN: true });
    fc.assert(
      fc.property(fc.array(days, { minLength: 2, maxLength: 30 }), (walk) => {
        let state: MachineState = activated();
        let worst = 0;
        let latestMs = START;
        for (const day of walk) {
          const nowMs = START + Math.floor(day * DAY_MS);
          state = observeTime(state, nowMs);
          const { status } = statusOf(state, nowMs);
          // Within the tolerance a step back is not remembered; no status may improve by more than that.
          if (latestMs - nowMs > 600_000 || nowMs >= latestMs) expect(rank[status]).toBeGreaterThanOrEqual(rank[statusOf(activated(), latestMs - 600_000).status]);
          latestMs = Math.max(latestMs, nowMs);
          worst = Math.max(worst, rank[status]);
        }
        expect(worst).toBeLessThanOrEqual(rank.expired);
      }),
    );
  });

  it('after a moment in the far future is forgiven by a signature of today, not by an old one', () => {
    const lost = observeTime(activated(), START + 4000 * DAY_MS);
    const nowMs = START + 10 * DAY_MS;
    expect(statusOf(lost, nowMs).status).toBe('expired');
    const replayed = evolve(beginAttempt(lost, { nowMs, draws }), from(granted(START + DAY_MS, aLease(START + DAY_MS))), nowMs, draws);
    expect(statusOf(replayed, nowMs).status).toBe('expired');
    const corrected = evolve(beginAttempt(lost, { nowMs, draws }), from(granted(nowMs, aLease(nowMs))), nowMs, draws);
    expect(statusOf(corrected, nowMs).status).toBe('licensed');
  });

  it('to the moment of the last answer, with that answer played again, does not bring the lease back', () => {
    const ended = observeTime(activated(), START + 200 * DAY_MS);
    const nowMs = START + 60_000;
    const replayed = evolve(beginAttempt(ended, { nowMs, draws }), from(granted(START)), nowMs, draws);
    expect(statusOf(replayed, nowMs).status).toBe('expired');
  });
});
