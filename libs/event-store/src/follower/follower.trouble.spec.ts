import { Problem } from '@muster/kernel';
import { eventually } from '@muster/testing';
import { toLedgerAppended } from './broadcast.js';
import type { Fleet } from './fleet.fixture.js';
import { append, aStore, fleetFold, intercepted, machineId, seen } from './fleet.fixture.js';
import type { FollowedFold } from './followed-fold.js';
import { followerOf, NEVER_MS, stopFollowers } from './follower.fixture.js';

afterEach(stopFollowers);

describe('a follower in trouble', () => {
  const away = (): Promise<never> => Promise.reject(new Problem('unavailable', 'away'));

  it('keeps its state while the store is away, says so, and goes on by itself when it is back', async () => {
    const store = aStore();
    const ups = { isUp: false };
    const flaky = intercepted(store, { head: (ledger) => (ups.isUp ? store.head(ledger) : away()) });
    const failures: number[] = [];
    const follower = followerOf(flaky, { pollIntervalMs: 5, observer: { onFailure: (_error, inARow) => failures.push(inARow) } });
    const started = follower.start();
    follower.onAppended(toLedgerAppended(await append(store, [seen(1)])));
    await eventually(() => expect(failures.length).toBeGreaterThan(2));
    expect([follower.position, follower.status.failure, follower.status.reachedHead]).toEqual([1, 'unavailable: away', false]);
    await append(store, [seen(2)]);
    expect(await follower.catchUpTo(2, 20)).toBe(false);
    ups.isUp = true;
    await started;
    expect([follower.position, follower.status.failure, follower.status.reachedHead]).toEqual([2, null, true]);
  });

  it('goes on where a replay broke off', async () => {
    const store = aStore();
    await append(store, [1, 2, 3, 4, 5].map((machine) => seen(machine)));
    const asked: number[] = [];
    const breaking = intercepted(store, {
      replay: (query, onRow) => {
        asked.push(query.after);
        return asked.length > 1 ? store.replay(query, onRow) : store.replay({ ...query, upTo: 3 }, onRow).then(away);
      },
    });
    const follower = followerOf(breaking);
    await follower.start();
    expect([asked, follower.state.applied]).toEqual([[0, 3], [1, 2, 3, 4, 5]]);
  });

  it('rebuilds a state that its fold broke', async () => {
    const store = aStore();
    let breaks = true;
    const fold: FollowedFold<Fleet> = {
      ...fleetFold,
      applyRow: (state, row) => {
        const next = fleetFold.applyRow(state, row);
        if (row.position === 2 && breaks) throw new Error('half done');
        return next;
      },
    };
    const follower = followerOf(store, { fold, pollIntervalMs: 5 });
    await follower.start();
    follower.onAppended(toLedgerAppended(await append(store, [seen(1), seen(2), seen(3)])));
    expect([follower.position, follower.state.machines.size]).toEqual([0, 0]);
    breaks = false;
    await eventually(() => expect(follower.state.applied).toEqual([1, 2, 3]));
  });

  it('reads everything anew when the ledger is shorter than what it followed', async () => {
    const before = aStore();
    const after = aStore();
    await append(before, [seen(1), seen(2), seen(3)]);
    await append(after, [seen(4)]);
    const found: unknown[] = [];
    let current = before;
    const store = intercepted(before, { head: (ledger) => current.head(ledger), replay: (query, onRow) => current.replay(query, onRow) });
    const follower = followerOf(store, { pollIntervalMs: 5, observer: { onLedgerReplaced: (what) => found.push(what) } });
    await follower.start();
    current = after;
    await eventually(() => expect([...follower.state.machines.keys()]).toEqual([machineId(4)]));
    expect(found).toEqual([{ head: 1, followed: 3 }]);
  });

  it('answers nobody for ever, and stops at once', async () => {
    const follower = followerOf(intercepted(aStore(), { head: away }));
    const started = follower.start();
    const asked = follower.catchUpTo(1, NEVER_MS);
    await follower.stop();
    await started;
    expect(await asked).toBe(false);
    expect(await follower.catchUpTo(1, NEVER_MS)).toBe(false);
  });
});
