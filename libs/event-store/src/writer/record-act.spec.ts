import type { RecordedEvent } from '@muster/contracts';
import { anEvent, fixedClock } from '@muster/testing';
import { createInMemoryEventStore } from '../in-memory/in-memory.event-store.js';
import { recordAct } from './record-act.js';
import type { Decision } from './writer.types.js';

const LEDGER = 'main';

const setUp = () => {
  const clock = fixedClock();
  const store = createInMemoryEventStore({ clock, storeClock: clock });
  const appended: RecordedEvent[] = [];
  return { store, appended, parts: { store, ledger: LEDGER, clock, onAppended: (events: readonly RecordedEvent[]) => void appended.push(...events) } };
};

const retire = async (): Promise<Decision<number>> => ({
  kind: 'record',
  events: [{ event: anEvent('HostRetired'), actor: 'operator:test', requestId: null, causedByPrevious: false }],
  outcomeIndex: 0,
  answer: ([recorded]) => (recorded as RecordedEvent).position,
});

describe('an act', () => {
  it('is recorded, told, and answered from what was recorded', async () => {
    const { appended, parts } = setUp();
    expect(await recordAct({ from: {}, decide: retire }, parts)).toBe(1);
    expect(appended.map(({ position }) => position)).toEqual([1]);
  });

  it('is not decided from a state that is of another position than the head', async () => {
    const { parts } = setUp();
    const positions = [3, 0]; // others write in between, once
    let decided = 0;
    const state = {
      catchUpTo: () => Promise.resolve(true),
      get position() {
        return positions.shift() ?? 0;
      },
    };
    const decide = () => {
      decided += 1;
      return retire();
    };
    expect(await recordAct({ from: { 'The state': state }, decide }, parts)).toBe(1);
    expect({ decided, left: positions }).toEqual({ decided: 1, left: [] });
  });

  it('is to be tried again when a state cannot be read, and says which', async () => {
    const { store, parts } = setUp();
    const state = { catchUpTo: () => Promise.resolve(false), position: 0 };
    await expect(recordAct({ from: { 'The state': state }, decide: retire }, parts)).rejects.toMatchObject({ kind: 'unavailable', detail: 'The state cannot be read.' });
    expect((await store.head(LEDGER)).position).toBe(0);
  });
});
