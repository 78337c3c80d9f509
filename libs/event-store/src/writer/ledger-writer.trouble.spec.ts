import { Problem } from '@muster/kernel';
import { eventually } from '@muster/testing';
import { aStore, intercepted } from '../follower/fleet.fixture.js';
import { decideFrom, eventsOf, gate, outcomes, stopWriters, writerOn } from './ledger-writer.fixture.js';

afterEach(stopWriters);

describe('a writer in trouble', () => {
  it('fails the batch and not itself when the store is away', async () => {
    const store = aStore();
    let isUp = false;
    const flaky = intercepted(store, {
      findRequests: (ledger, keys) => (isUp ? store.findRequests(ledger, keys) : Promise.reject(new Problem('unavailable', 'away'))),
    });
    const failures: unknown[] = [];
    const writer = writerOn(flaky, { observer: { onFailure: (error) => failures.push(error) } });
    expect(await outcomes([1, 2].map((machine) => writer.submit({ machine, request: 0 })))).toEqual(['unavailable', 'unavailable']);
    expect(failures).toHaveLength(1);
    isUp = true;
    expect(await writer.submit({ machine: 1, request: 0 })).toMatchObject({ position: 2 });
  });

  it('lets one command fail alone', async () => {
    const store = aStore();
    const decide = decideFrom(store);
    const writer = writerOn(store, {
      decide: async (round) => {
        const decided = await decide(round);
        if (decided.status === 'moved') return decided;
        const [first, ...others] = decided.decisions;
        return { status: 'decided', decisions: [{ ...first!, answer: () => Promise.reject(new Problem('internal', 'the key is gone')) }, ...others] };
      },
    });
    const ends = await outcomes([writer.submit({ machine: 1, request: 0 }), writer.submit({ machine: 2, request: 0, unknownProduct: true }), writer.submit({ machine: 3, request: 0 })]);
    expect(ends).toEqual(['internal', 'unknown-product', { outcome: 'ActivationDeferred', position: 4, count: 2 }]);
  });

  it('is not stopped by an observer or a broadcast that throws', async () => {
    const broken = (): never => {
      throw new Error('broken');
    };
    const writer = writerOn(aStore(), { onAppended: broken, observer: { onBatch: broken } });
    expect(await writer.submit({ machine: 1, request: 0 })).toMatchObject({ position: 2 });
    expect(await writer.submit({ machine: 2, request: 0 })).toMatchObject({ position: 4 });
  });

  it('takes on no more than it can answer', async () => {
    const store = aStore();
    const hold = gate();
    const turnedAway: string[] = [];
    const stuck = intercepted(store, { append: (batch) => hold.wait().then(() => store.append(batch)) });
    const writer = writerOn(stuck, { queueCommandsMax: 2, observer: { onTurnedAway: (why) => turnedAway.push(why) } });
    const submitted = [0, 1, 2].map((machine) => writer.submit({ machine, request: 0 }));
    await expect(submitted[2]).rejects.toMatchObject({ kind: 'overloaded', retryAfterSeconds: 5 });
    hold.open();
    await Promise.all(submitted.slice(0, 2));
    expect(await writer.submit({ machine: 2, request: 0 })).toMatchObject({ position: 6 });
    expect(turnedAway).toEqual(['overloaded']);
  });

  it('drops a command whose time ran out, also while a batch hangs, and records nothing for it', async () => {
    const store = aStore();
    const hold = gate();
    const stuck = intercepted(store, { append: (batch) => hold.wait().then(() => store.append(batch)) });
    const writer = writerOn(stuck);
    const first = writer.submit({ machine: 1, request: 0 });
    await eventually(() => expect(hold.arrived()).toBe(1));
    expect(await outcomes([writer.submit({ machine: 2, request: 0 }, 1)])).toEqual(['unavailable']);
    hold.open();
    await first;
    expect(await eventsOf(store)).toHaveLength(2);
  });

  it('finishes what is queued when it stops, and takes nothing more', async () => {
    const store = aStore();
    const writer = writerOn(store, { batchCommandsMax: 1 });
    const submitted = [1, 2, 3].map((machine) => writer.submit({ machine, request: 0 }));
    const stopped = writer.stop();
    expect(await outcomes([writer.submit({ machine: 4, request: 0 })])).toEqual(['unavailable']);
    await stopped;
    expect((await Promise.all(submitted)).map(({ position }) => position)).toEqual([2, 4, 6]);
  });

  it('turns away what it cannot finish before it must stop', async () => {
    const store = aStore();
    const hold = gate();
    const writer = writerOn(intercepted(store, { append: (batch) => hold.wait().then(() => store.append(batch)) }), { batchCommandsMax: 1 });
    const first = writer.submit({ machine: 1, request: 0 });
    const second = outcomes([writer.submit({ machine: 2, request: 0 })]);
    await eventually(() => expect(hold.arrived()).toBe(1));
    await writer.stop(1);
    expect(await second).toEqual(['unavailable']);
    hold.open();
    expect(await first).toMatchObject({ position: 2 });
  });
});
