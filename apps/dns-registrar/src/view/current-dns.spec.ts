import type { EventStore, Follower } from '@muster/event-store';
import { CurrentDns } from './current-dns.js';
import type { DnsView } from './dns-view.fold.js';
import { dnsViewFold } from './dns-view.fold.js';

const viewNow = (): DnsView => dnsViewFold(() => undefined).initialState();

/** A store whose first event can become another one, and a follower that is told of it while the store is read. */
const setUp = () => {
  const world = { firstLeaf: 0x11, whole: viewNow(), seen: viewNow() };
  const store = {
    head: () => Promise.resolve({ position: 1 }),
    read: () => {
      world.seen = viewNow();
      return Promise.resolve([{ leafHash: new Uint8Array(32).fill(world.firstLeaf) }]);
    },
  } as unknown as EventStore;
  const follower = {
    position: 1,
    get state() {
      return world.seen;
    },
    catchUpTo: () => {
      world.seen = world.whole;
      return Promise.resolve(true);
    },
  } as unknown as Follower<DnsView>;
  return { world, current: new CurrentDns(follower, store, 'main') };
};

describe('what the ledger says now', () => {
  it('is of the deployment whose first event stands there, though another ledger was put in its place', async () => {
    const { world, current } = setUp();
    expect(await current.read(({ deployment }) => deployment)).toBe('11'.repeat(16));
    world.firstLeaf = 0x22;
    expect(await current.read(({ deployment }) => deployment)).toBe('22'.repeat(16));
  });

  it('is the state that was caught up with, and no half of one that came after', async () => {
    const { world, current } = setUp();
    await current.read(({ view }) => expect(view).toBe(world.whole));
  });
});
