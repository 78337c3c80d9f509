import fc from 'fast-check';
import type { LedgerAppended } from '@muster/contracts';
import { anEvent, eventually } from '@muster/testing';
import type { EventStore, ReplayQuery } from '../event-store.port.js';
import { toLedgerAppended } from './broadcast.js';
import type { Fleet } from './fleet.fixture.js';
import { anyEvent, append, aStore, fleetFold, fleetText, hostOnlyFold, hostRetired, inPieces, LEDGER, machineId, seen } from './fleet.fixture.js';
import type { FollowedFold } from './followed-fold.js';
import type { FollowerOptions } from './follower.js';
import type { Follower } from './follower.types.js';
import { stateAsOf } from './state-as-of.js';
import { followerOf, replays, stopFollowers, WITHIN_MS } from './follower.fixture.js';

afterEach(stopFollowers);

describe('a follower', () => {
  it('starts as of the head, with the bodies of the types that it asked for', async () => {
    const store = aStore();
    await append(store, [anEvent('HostActivated'), seen(1), seen(2), hostRetired, seen(1)]);
    const follower = followerOf(store);
    await follower.start();
    expect(follower.position).toBe(5);
    expect(follower.state).toMatchObject({ certificates: ['00000000-0000-4000-8000-0000000000ce'], retired: true, applied: [1, 2, 3, 4, 5] });
    expect([...follower.state.machines.keys()]).toEqual([machineId(2), machineId(1)]);
  });

  it('follows contiguous broadcasts without asking the store', async () => {
    const store = aStore();
    const read: ReplayQuery[] = [];
    const follower = followerOf(replays(store, read));
    await follower.start();
    for (const events of [[anEvent('HostActivated'), seen(1)], [seen(2), hostRetired]]) follower.onAppended(toLedgerAppended(await append(store, events)));
    expect(follower.position).toBe(4);
    expect(follower.state).toMatchObject({ retired: true, applied: [1, 2, 3, 4] });
    expect(read).toEqual([]);
  });

  it('repairs a gap from the store', async () => {
    const store = aStore();
    const follower = followerOf(store);
    await follower.start();
    await append(store, [seen(1), seen(2)]);
    follower.onAppended(toLedgerAppended(await append(store, [seen(3)])));
    expect(follower.position).toBe(0);
    expect(follower.status.knownHead).toBe(3);
    expect(await follower.catchUpTo(3, WITHIN_MS)).toBe(true);
    expect(follower.state.applied).toEqual([1, 2, 3]);
  });

  it('takes a broadcast without events, or with one that this build cannot read, as a hint', async () => {
    const store = aStore();
    const follower = followerOf(store);
    await follower.start();
    const first = toLedgerAppended(await append(store, [seen(1)]));
    follower.onAppended({ ledger: first.ledger, first: first.first, last: first.last });
    expect(await follower.catchUpTo(1, WITHIN_MS)).toBe(true);
    const second = toLedgerAppended(await append(store, [seen(2)]));
    follower.onAppended({ ...second, events: second.events!.map((event) => ({ ...event, type: 'muster.ActivationDeferred.v9' })) });
    expect(await follower.catchUpTo(2, WITHIN_MS)).toBe(true);
    expect(follower.state.applied).toEqual([1, 2]);
  });

  it('does not believe a broadcast about another ledger', async () => {
    const store = aStore();
    const follower = followerOf(store);
    await follower.start();
    follower.onAppended({ ...toLedgerAppended(await append(store, [seen(1)])), ledger: 'other' });
    expect(follower.position).toBe(0);
  });

  it('finds what it was never told by polling', async () => {
    const store = aStore();
    const follower = followerOf(store, { pollIntervalMs: 5 });
    await follower.start();
    await append(store, [seen(1)]);
    await eventually(() => expect(follower.position).toBe(1));
  });

  it('has the state that the ledger gives, whatever happens to the broadcasts', async () => {
    const broadcasts = fc.record({
      batches: fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 }),
      // Each delivery names a batch: some never come, some twice, none in order.
      deliveries: fc.array(fc.record({ batch: fc.nat(), bare: fc.boolean(), pause: fc.boolean() }), { maxLength: 30 }),
      recordedAtStart: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(broadcasts, async ({ batches, deliveries, recordedAtStart }) => {
        const store = aStore();
        const follower = followerOf(inPieces(store), { snapshotEveryEvents: 5 });
        const messages: LedgerAppended[] = [];
        const early = recordedAtStart % (batches.length + 1);
        for (const batch of batches.slice(0, early)) messages.push(toLedgerAppended(await append(store, batch.map(anyEvent))));
        const started = follower.start();
        for (const batch of batches.slice(early)) messages.push(toLedgerAppended(await append(store, batch.map(anyEvent))));
        for (const { batch, bare, pause } of deliveries) {
          const { events, ...hint } = messages[batch % messages.length]!;
          follower.onAppended(bare || events === undefined ? hint : { ...hint, events });
          if (pause) await new Promise(setImmediate);
          // At every moment: a prefix of the ledger, each position once.
          expect(follower.state.applied).toEqual(Array.from({ length: follower.position }, (_, index) => index + 1));
        }
        await started;
        const head = await store.head(LEDGER);
        expect(await follower.catchUpTo(head.position, WITHIN_MS)).toBe(true);
        const expected = await stateAsOf({ store, ledger: LEDGER, fold: fleetFold, position: head.position, fromZero: true });
        expect(fleetText(follower.state)).toBe(fleetText(expected));
        await follower.stop();
      }),
      { numRuns: 150 },
    );
  });
});

describe('a follower whose fold lives on a few types', () => {
  it('reads only those, and is as of the head all the same', async () => {
    const store = aStore();
    const read: ReplayQuery[] = [];
    await append(store, [seen(1), anEvent('HostActivated'), seen(2), seen(3)]);
    const follower = followerOf(replays(store, read), { fold: hostOnlyFold });
    await follower.start();
    expect([follower.position, follower.state.applied, read]).toEqual([4, [2], []]);
    follower.onAppended(toLedgerAppended(await append(store, [seen(4), hostRetired])));
    expect([follower.position, follower.state.applied, follower.state.retired]).toEqual([6, [2, 6], true]);
  });

  it('gives the same state as one that reads everything, over more than a page of them', async () => {
    const store = aStore();
    for (let batch = 0; batch < 3; batch += 1) await append(store, Array.from({ length: 300 }, (_, index) => (index % 3 === batch ? seen(index) : anEvent('HostActivated'))));
    const asOf = { store, ledger: LEDGER, position: 900 };
    const [few, all] = await Promise.all([stateAsOf({ ...asOf, fold: hostOnlyFold }), stateAsOf({ ...asOf, fold: fleetFold })]);
    expect(few.certificates).toHaveLength(600);
    expect(few.certificates).toEqual(all.certificates);
  });
});

describe('a snapshot', () => {
  const restarted = async (store: EventStore, fold: FollowedFold<Fleet> = fleetFold): Promise<{ follower: Follower<Fleet>; read: ReplayQuery[] }> => {
    const read: ReplayQuery[] = [];
    const follower = followerOf(replays(store, read), { fold });
    await follower.start();
    return { follower, read };
  };

  const withOne = async (): Promise<EventStore> => {
    const store = aStore();
    await append(store, [anEvent('HostActivated'), seen(1), seen(2)]);
    const follower = followerOf(store);
    await follower.start();
    await follower.stop();
    await append(store, [seen(3), hostRetired]);
    return store;
  };

  it('taken at stop lets a restart read only the tail', async () => {
    const { follower, read } = await restarted(await withOne());
    expect(read.map(({ after, upTo }) => [after, upTo])).toEqual([[3, 5]]);
    expect(follower.state).toMatchObject({ retired: true, applied: [1, 2, 3, 4, 5] });
    expect(follower.state.machines.size).toBe(3);
  });

  const snapshotsOf = async (options: Partial<FollowerOptions<Fleet>>, events: number): Promise<readonly number[]> => {
    const store = aStore();
    const saved: number[] = [];
    const follower = followerOf(store, { ...options, observer: { onSnapshotSaved: (position) => saved.push(position) } });
    await follower.start();
    for (let index = 0; index < events; index += 1) {
      follower.onAppended(toLedgerAppended(await append(store, [seen(1)])));
      await new Promise(setImmediate);
    }
    return saved;
  };

  it('is taken every so many events while following', async () => {
    expect(await snapshotsOf({ snapshotEveryEvents: 10 }, 25)).toEqual([10, 20]);
  });

  it('is taken less often when it is big', async () => {
    const big = { ...fleetFold, snapshots: { ...fleetFold.snapshots, serialize: () => Buffer.alloc(64 * 8) } };
    expect(await snapshotsOf({ snapshotEveryEvents: 2, fold: big }, 20)).toEqual([2, 10, 18]);
  });

  it('that cannot be read, or has another version, costs a replay and nothing else', async () => {
    const store = await withOne();
    const unreadable = { ...fleetFold, snapshots: { ...fleetFold.snapshots, deserialize: () => JSON.parse('{') as Fleet } };
    const other = { ...fleetFold, snapshots: { ...fleetFold.snapshots, version: 2 } };
    for (const fold of [unreadable, other]) {
      const { follower, read } = await restarted(store, fold);
      expect(read.map(({ after, upTo }) => [after, upTo])).toEqual([[0, 5]]);
      expect(follower.state.applied).toEqual([1, 2, 3, 4, 5]);
    }
  });

  it('serves states as of an earlier position, never as of one behind it', async () => {
    const store = await withOne();
    for (const position of [0, 2, 3, 4, 5]) {
      const asOf = await stateAsOf({ store, ledger: LEDGER, fold: fleetFold, position });
      expect(asOf.applied).toEqual(Array.from({ length: position }, (_, index) => index + 1));
    }
    await expect(stateAsOf({ store, ledger: LEDGER, fold: fleetFold, position: 6 })).rejects.toMatchObject({ kind: 'invalid-as-of' });
  });
});
