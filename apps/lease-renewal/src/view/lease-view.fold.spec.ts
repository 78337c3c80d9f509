import type { EventType } from '@muster/contracts';
import { eventCatalogue, typedColumnsOf } from '@muster/contracts';
import { totalsOf } from '@muster/domain';
import { createFollower, stateAsOf } from '@muster/event-store';
import { DAY_SECONDS } from '@muster/kernel';
import { anEvent, TEST_START_MS } from '@muster/testing';
import type { LeaseWorld } from '../writer/lease-world.fixture.js';
import { LEDGER, leaseWorld } from '../writer/lease-world.fixture.js';
import { leaseViewFold } from './lease-view.fold.js';

const textOf = (state: ReturnType<typeof leaseViewFold.initialState>): string => Buffer.from(leaseViewFold.snapshots?.serialize(state) ?? []).toString();

let world: LeaseWorld;
beforeEach(async () => {
  world = await leaseWorld(3);
});
afterEach(() => world.stop());

/** One renewed, one gave its lease back, one does nothing. */
const live = async (): Promise<void> => {
  const { leases } = await world.replica();
  world.clock.advance(7 * DAY_SECONDS);
  const renewal = await world.renewal(0);
  await leases.renew(renewal);
  await leases.renew(renewal);
  await leases.release(await world.release(1));
};

describe('the view of leases and totals', () => {
  it.each(Object.keys(eventCatalogue) as EventType[])('reads %s whole if it makes anything of it', (type) => {
    const event = anEvent(type);
    const before = leaseViewFold.applyEvent(leaseViewFold.initialState(), { row: { position: 1, recordedAtMs: TEST_START_MS, ...typedColumnsOf(anEvent('ActivationGranted')) }, event: anEvent('ActivationGranted') });
    const text = textOf(before);
    const after = leaseViewFold.applyEvent(before, { row: { position: 2, recordedAtMs: TEST_START_MS, ...typedColumnsOf(event) }, event });
    if (textOf(after) !== text) expect(leaseViewFold.wholeTypes).toContain(type);
  });

  it('counts a repeated request once, and is the same rebuilt from zero, from a snapshot and where it was followed', async () => {
    await live();
    const store = world.newStore();
    const { position } = await store.head(LEDGER);
    const rebuilt = await stateAsOf({ store, ledger: LEDGER, fold: leaseViewFold, position, fromZero: true });
    expect(totalsOf(rebuilt.totals).requests).toMatchObject({
      received: 5,
      byLicenceState: { unlicensed: 3, licensed: 2, grace: 0, notification: 0, expired: 0 },
      byOutcome: { granted: 3, renewed: 1, released: 1, deferred: 0, refused: 0 },
    });
    const { follower } = await world.replica();
    expect(textOf(follower.state)).toBe(textOf(rebuilt));
    await follower.stop();
    expect(await store.loadSnapshot({ ledger: LEDGER, fold: leaseViewFold.name, foldVersion: leaseViewFold.snapshots?.version ?? 0 })).toMatchObject({ position });
    const restarted = createFollower({ store: { ...store, read: () => Promise.reject(new Error('there is no tail to read')) }, ledger: LEDGER, fold: leaseViewFold });
    await restarted.start();
    expect(totalsOf(restarted.state.totals)).toEqual(totalsOf(rebuilt.totals));
    await restarted.stop();
  });

  it('ignores a snapshot from before there were totals', async () => {
    const store = world.newStore();
    const { position } = await store.head(LEDGER);
    await store.saveSnapshot({ ledger: LEDGER, fold: leaseViewFold.name, foldVersion: 1 }, { position, state: Buffer.from('{"host":null,"leases":{"held":[],"released":[],"renewedByMinute":[]}}') });
    const { follower } = await world.replica();
    expect(totalsOf(follower.state.totals).requests.received).toBe(3);
  });
});
