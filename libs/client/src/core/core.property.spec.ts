import { SECOND_MS } from '@muster/kernel';
import { seededDraws, TEST_START_MS } from '@muster/testing';
import fc from 'fast-check';
import { aLease, busy, contact, DAY_MS, deferred, granted, HOST, OTHER_HOST, PRODUCT, refused, RENEW_SECONDS, RETRY_SECONDS, unreachable } from './core.fixture.js';
import { machineStateSchema, type MachineState } from './machine-state.js';
import { newMachineState } from './new-machine-state.js';
import { nextAction } from './next-action.js';
import type { Reply } from './outcome.js';

const START = TEST_START_MS;
const seeds = fc.integer().map((seed) => seededDraws(seed));

/** Lives from contact to contact; `answer` gives what a host says at a moment. */
const live = (draws: ReturnType<typeof seededDraws>, { untilMs, answer, onContact }: { readonly untilMs: number; readonly answer: (host: string, nowMs: number) => Reply; readonly onContact: (before: MachineState, after: MachineState, nowMs: number) => void }): void => {
  let state = newMachineState(PRODUCT);
  for (let nowMs = START; nowMs < untilMs; ) {
    const next = nextAction(state, nowMs);
    if (next.type === 'wait') {
      nowMs = next.untilMs ?? untilMs;
      continue;
    }
    const after = contact(state, { nowMs, draws, answers: { [HOST]: answer(HOST, nowMs), [OTHER_HOST]: answer(OTHER_HOST, nowMs) } }).state;
    onContact(state, after, nowMs);
    state = after;
  }
};

const replyOf = (word: string, { nowMs, draws }: { readonly nowMs: number; readonly draws: ReturnType<typeof seededDraws> }): Reply => {
  switch (word) {
    case 'granted':
      return granted(nowMs, aLease(nowMs, { leaseId: draws.uuid() }));
    case 'deferred':
      return deferred(nowMs);
    case 'busy':
      return busy(5);
    case 'unreachable':
      return unreachable;
    default:
      return refused(word);
  }
};

describe('for all machines', () => {
  it('one that always reaches a host has its lease less the interval left at every instant', () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (draws, oneAway) => {
        live(draws, {
          untilMs: START + 400 * DAY_MS,
          answer: (host, nowMs) => (oneAway && host === HOST ? unreachable : granted(nowMs, aLease(nowMs, { leaseId: draws.uuid() }))),
          // Between two contacts the lease only shrinks: what is left just before a contact is the least.
          onContact: ({ lease }, _after, nowMs) => {
            if (lease !== null) expect(lease.expiresAtMs - nowMs).toBeGreaterThanOrEqual(180 * DAY_MS - RENEW_SECONDS * SECOND_MS);
          },
        });
      }),
      { numRuns: 50 },
    );
  });

  it('no wish ever has two request ids, and no id two outcomes', () => {
    const replies = fc.array(fc.constantFrom('granted', 'deferred', 'busy', 'unreachable', 'refused', 'lease-unknown'), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(seeds, replies, (draws, script) => {
        const settledIds = new Set<string>();
        let state = newMachineState(PRODUCT);
        let nowMs = START;
        for (const word of script) {
          const next = nextAction(state, nowMs);
          if (next.type === 'wait') nowMs = next.untilMs ?? nowMs;
          const open = state.wish;
          const done = contact(state, { nowMs, draws, answers: { [HOST]: replyOf(word, { nowMs, draws }) } });
          const sameWish = open !== null && open.kind === done.wish.kind && open.lease?.leaseId === done.wish.lease?.leaseId;
          expect(done.requestId === open?.requestId).toBe(sameWish);
          expect(settledIds.has(done.requestId)).toBe(false);
          if (done.state.wish === null) settledIds.add(done.requestId);
          state = done.state;
        }
      }),
    );
  });

  it('one that fails asks again within the retry interval, and recovers with the first answer', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 40 }), (draws, outageDays) => {
        const endsMs = START + (20 + outageDays) * DAY_MS;
        let recoveredMs: number | undefined;
        live(draws, {
          untilMs: endsMs + 20 * DAY_MS,
          answer: (_host, nowMs) => (nowMs >= START + 20 * DAY_MS && nowMs < endsMs ? unreachable : granted(nowMs, aLease(nowMs, { leaseId: draws.uuid() }))),
          onContact: (before, after, nowMs) => {
            if (before.failing !== null && after.failing === null) recoveredMs ??= nowMs;
          },
        });
        if (recoveredMs !== undefined) expect(recoveredMs - endsMs).toBeLessThanOrEqual(RETRY_SECONDS * SECOND_MS);
      }),
      { numRuns: 50 },
    );
  });

  it('what they remember survives being written and read', () => {
    fc.assert(
      fc.property(seeds, (draws) => {
        live(draws, {
          untilMs: START + 30 * DAY_MS,
          answer: (_host, nowMs) => (draws.unit() < 0.5 ? busy(60) : granted(nowMs, aLease(nowMs, { leaseId: draws.uuid() }))),
          onContact: (_before, after) => expect(machineStateSchema.parse(JSON.parse(JSON.stringify(after)))).toEqual(after),
        });
      }),
      { numRuns: 20 },
    );
  });
});
