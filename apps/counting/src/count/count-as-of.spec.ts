import type { DomainEvent } from '@muster/contracts';
import type { EventStore } from '@muster/event-store';
import { createFollower, createInMemoryEventStore, createInMemoryLedgers } from '@muster/event-store';
import { DAY_SECONDS, SECOND_MS, toInstant } from '@muster/kernel';
import { aHostCertificate, aKey, anEvent, fixedClock, hostActivated, TEST_START_MS } from '@muster/testing';
import type { CountingConfig } from '../counting.config.js';
import { countingViewFold } from '../view/counting-view.fold.js';
import { CountAsOf } from './count-as-of.js';
import { countOf, poolsOf } from './count-of.js';

const LEDGER = 'main';
const DAY_MS = DAY_SECONDS * SECOND_MS;
const config = { ledger: LEDGER } as CountingConfig;

const seen = (machine: string, virtual = false): DomainEvent => anEvent('ActivationDeferred', { machine: aKey(machine).id, virtual });

/** A ledger in which one event a day was recorded, from the certificate on day 0. */
const ledgerOf = async (...events: readonly DomainEvent[]) => {
  const clock = fixedClock(TEST_START_MS);
  const ledgers = createInMemoryLedgers();
  const store = createInMemoryEventStore({ clock, storeClock: clock, ledgers });
  for (const event of [hostActivated((await aHostCertificate()).certificate), ...events]) {
    const nowMs = clock.nowMs();
    await store.append({
      ledger: LEDGER,
      expectedHead: await store.head(LEDGER),
      recordedAtMs: nowMs,
      nowMs,
      events: [{ event, actor: 'service:test', requestId: null, causedByPrevious: false }],
      requests: [],
      personal: [],
    });
    clock.advance(DAY_SECONDS);
  }
  return { clock, store, past: new CountAsOf(store, config) };
};

const dayOf = (day: number): string => toInstant(TEST_START_MS + day * DAY_MS);

describe('a count as of', () => {
  it('a position counts what was recorded up to it, aged at its time', async () => {
    const { past } = await ledgerOf(seen('a'), seen('b'), seen('b', true), seen('c'), anEvent('MachineRetired', { machine: aKey('a').id }));
    const counts = await Promise.all([1, 2, 3].map(async (position) => countOf('acme', await past.view({ position }))));
    expect(counts.map(({ physical, virtual }) => [physical, virtual])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    expect(countOf('acme', await past.view({ position: 4 }))).toMatchObject({ physical: 1, virtual: 1, count: 1, asOf: dayOf(3), final: true });
    expect(countOf('acme', await past.view({ position: 6 }))).toMatchObject({ physical: 1, virtual: 1 });
  });

  it('an instant ages machines at the instant: 30 days after it was seen one no longer counts', async () => {
    const { clock, past } = await ledgerOf(seen('a'));
    clock.advance(60 * DAY_SECONDS);
    const countOn = async (day: number, ms = 0) => countOf('acme', await past.view({ instant: toInstant(TEST_START_MS + day * DAY_MS + ms) })).count;
    expect([await countOn(0), await countOn(1), await countOn(31, -1), await countOn(31)]).toEqual([0, 1, 1, 0]);
  });

  it('an instant is final once the ledger has passed it, and open until then', async () => {
    const { past } = await ledgerOf(seen('a'), seen('b'));
    expect(countOf('acme', await past.view({ instant: dayOf(1) })).final).toBe(true);
    expect(countOf('acme', await past.view({ instant: dayOf(2) })).final).toBe(false);
  });

  it('an instant is not called final when the event that passes it came while it was answered', async () => {
    const { store, clock } = await ledgerOf(seen('a'));
    const raced: EventStore = {
      ...store,
      positionAt: async (ledger, instantMs) => {
        const position = await store.positionAt(ledger, instantMs);
        const head = await store.head(LEDGER);
        const nowMs = clock.nowMs();
        const event = { event: seen('b'), actor: 'service:test', requestId: null, causedByPrevious: false };
        await store.append({ ledger, expectedHead: head, recordedAtMs: nowMs, nowMs, events: [event], requests: [], personal: [] });
        return position;
      },
    };
    expect((await new CountAsOf(raced, config).view({ instant: dayOf(1) })).final).toBe(false);
  });

  it.each([
    ['a position above the head', { position: 99 }],
    ['an instant in the future', { instant: dayOf(99) }],
  ])('%s is refused', async (_, asOf) => {
    const { past } = await ledgerOf(seen('a'));
    await expect(past.view(asOf)).rejects.toMatchObject({ kind: 'invalid-as-of' });
  });

  it('a moment before the host was activated finds no pool', async () => {
    const { past } = await ledgerOf();
    const before = await past.view({ position: 0 });
    expect(() => countOf('acme', before)).toThrow('not-found');
    expect(() => poolsOf(before)).toThrow('host-not-activated');
  });

  it('is refused while four others are being rebuilt, and answered after them', async () => {
    const { past } = await ledgerOf(seen('a'));
    const asked = await Promise.allSettled(Array.from({ length: 5 }, () => past.view({ position: 1 })));
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect((await past.view({ position: 1 })).position).toBe(1);
  });

  it('starts from a snapshot and answers as from the first event', async () => {
    const { store, past } = await ledgerOf(seen('a'), seen('b', true), seen('c'), seen('a', true), seen('d'));
    const answers = async (): Promise<readonly unknown[]> => {
      const all: unknown[] = [];
      for (const position of [1, 2, 3, 4, 5, 6]) all.push(poolsOf(await past.view({ position })));
      return all;
    };
    const fromZero = await answers();
    await keepSnapshot(store);
    expect(await answers()).toEqual(fromZero);
  });
});

/** As a counting service leaves one behind when it stops. */
const keepSnapshot = async (store: EventStore): Promise<void> => {
  const follower = createFollower({ store, ledger: LEDGER, fold: countingViewFold });
  await follower.start();
  const { position } = follower;
  await follower.stop();
  const saved = await store.loadSnapshot({ ledger: LEDGER, fold: countingViewFold.name, foldVersion: countingViewFold.snapshots?.version ?? 0 });
  expect(saved?.position).toBe(position);
};
