import { jest } from '@jest/globals';
import { Turns } from './turns.js';

const LEDGER = 'acme';

const lock = (waitMs = 0): { taken: number; given: number; takeTurn: () => Promise<() => Promise<void>> } => {
  const state = {
    taken: 0,
    given: 0,
    takeTurn: async () => {
      state.taken += 1;
      jest.advanceTimersByTime(waitMs);
      return async () => {
        state.given += 1;
      };
    },
  };
  return state;
};

describe('turns', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('are taken by a new writer, who cannot know yet that it is alone', async () => {
    const store = lock();
    (await new Turns(store, LEDGER).take())?.();
    expect([store.taken, store.given]).toEqual([1, 1]);
  });

  it('are not taken once the head stayed where this writer left it for a while, and are again once it did not', async () => {
    const store = lock();
    const turns = new Turns(store, LEDGER);
    for (let batch = 1; batch <= 30; batch += 1) {
      (await turns.take())?.();
      turns.found(batch - 1);
      turns.left({ position: batch, recordedAtMs: 0, runningHash: new Uint8Array(32) });
      jest.advanceTimersByTime(1_000);
    }
    expect(store.taken).toBe(11);
    expect(turns.likelyHead?.position).toBe(30);
    turns.found(40);
    expect(turns.likelyHead).toBeUndefined();
    (await turns.take())?.();
    expect(store.taken).toBe(12);
  });

  it('are not waited for at every batch while a frozen holder has them', async () => {
    const frozen = lock(250);
    const turns = new Turns(frozen, LEDGER);
    for (let batch = 0; batch < 20; batch += 1) (await turns.take())?.();
    expect(frozen.taken).toBe(1);
    jest.advanceTimersByTime(5_000);
    (await turns.take())?.();
    expect(frozen.taken).toBe(2);
  });

  it('are gone without when the store cannot give them', async () => {
    const turns = new Turns({ takeTurn: () => Promise.reject(new Error('away')) }, LEDGER);
    expect(await turns.take()).toBeUndefined();
  });
});
