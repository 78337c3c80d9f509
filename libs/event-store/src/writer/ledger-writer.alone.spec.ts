import { Problem } from '@muster/kernel';
import type { EventStore, RequestKey } from '../event-store.port.js';
import { append, aStore, hostRetired, intercepted } from '../follower/fleet.fixture.js';
import { decideFrom, outcomes, stopWriters, writerOn } from './ledger-writer.fixture.js';

afterEach(stopWriters);

/** A writer that takes itself to be alone as soon as it has written once. */
const alone = { othersMemoryMs: 0 };

const counted = (store: EventStore, looked: (readonly RequestKey[])[]): EventStore =>
  intercepted(store, {
    findRequests: (ledger, keys) => {
      looked.push(keys);
      return store.findRequests(ledger, keys);
    },
  });

describe('a writer that is alone on its ledger', () => {
  it('looks nothing up for new requests, and once for a repeat', async () => {
    const looked: (readonly RequestKey[])[] = [];
    const writer = writerOn(counted(aStore(), looked), alone);
    const first = await writer.submit({ machine: 1, request: 1 });
    expect(looked).toHaveLength(1);
    for (const machine of [2, 3, 4]) await writer.submit({ machine, request: 1 });
    expect(looked).toHaveLength(1);
    expect(await writer.submit({ machine: 1, request: 1 })).toEqual(first);
    expect(looked).toHaveLength(2);
  });

  it('tells a conflict, and a refusal that leaves no trace, only after a look', async () => {
    const writer = writerOn(aStore(), alone);
    await writer.submit({ machine: 1, request: 1 });
    expect(await outcomes([writer.submit({ machine: 1, request: 1, virtual: true })])).toEqual(['request-id-conflict']);
    expect(await outcomes([writer.submit({ machine: 2, request: 1, unknownProduct: true })])).toEqual(['unknown-product']);
    // The id is known: what the host thinks of the request today does not matter.
    expect(await outcomes([writer.submit({ machine: 1, request: 1, unknownProduct: true })])).toEqual([{ outcome: 'ActivationDeferred', position: 2, count: 1 }]);
  });

  it('answers a repeat although deciding anew would fail', async () => {
    const store = aStore();
    const failing = { now: false };
    const decide = decideFrom(store);
    const writer = writerOn(store, {
      ...alone,
      decide: (round) => {
        if (failing.now && round.commands.some(({ known }) => known === null)) throw new Problem('unavailable', 'the counts are away');
        return decide(round);
      },
    });
    const first = await writer.submit({ machine: 1, request: 1 });
    failing.now = true;
    expect(await writer.submit({ machine: 1, request: 1 })).toEqual(first);
    expect(await outcomes([writer.submit({ machine: 2, request: 1 })])).toEqual(['unavailable']);
  });

  it('notices that it was not: everything is read again', async () => {
    const store = aStore();
    const writer = writerOn(store, alone);
    await writer.submit({ machine: 1, request: 1 });
    await append(store, [hostRetired]);
    expect(await outcomes([writer.submit({ machine: 2, request: 1 })])).toMatchObject([{ outcome: 'ActivationRefused' }]);
  });
});
