import type { DomainEvent } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { hostEventTypes, hostFold } from '@muster/domain';
import type { Follower } from '@muster/event-store';
import { createFollower, createInMemoryEventStore } from '@muster/event-store';
import { DAY_SECONDS } from '@muster/kernel';
import { aHostCertificate, aKey, fixedClock, hostActivated, seededDraws, TEST_START_MS } from '@muster/testing';
import { enrolmentFold } from '../wiring/enrolment-fold.js';
import { createEnrolmentToken, revokeEnrolmentToken } from './record-enrolment-token.js';

const LEDGER = 'main';
const ACTOR = 'operator:test';

const followers: Pick<Follower<unknown>, 'stop'>[] = [];
afterEach(() => Promise.all(followers.splice(0).map((follower) => follower.stop())));

const setUp = async ({ controlled = false } = {}) => {
  const clock = { ...fixedClock(TEST_START_MS), controlled };
  const store = createInMemoryEventStore({ clock, storeClock: clock });
  const enrolment = createFollower({ store, ledger: LEDGER, fold: enrolmentFold });
  const host = createFollower<HostState>({
    store,
    ledger: LEDGER,
    fold: { name: 'host', wholeTypes: hostEventTypes, initialState: hostFold.initialState, applyEvent: (state, { event }) => hostFold.evolve(state, event) },
  });
  followers.push(enrolment, host);
  await Promise.all([enrolment.start(), host.start()]);
  const parts = { store, ledger: LEDGER, clock, draws: seededDraws('enrolment'), enrolment, host };
  const record = async (event: DomainEvent) => {
    const nowMs = clock.nowMs();
    const recorded = { event, actor: ACTOR, requestId: null, causedByPrevious: false };
    await store.append({ ledger: LEDGER, expectedHead: await store.head(LEDGER), recordedAtMs: nowMs, nowMs, events: [recorded], requests: [], personal: [] });
  };
  return {
    record,
    create: () => createEnrolmentToken({ tokenKey: aKey('an enrolment token').publicJwk.x, maximumUses: 2, expiresInSeconds: DAY_SECONDS, actor: ACTOR }, parts),
    revoke: (tokenId: string) => revokeEnrolmentToken({ tokenId, actor: ACTOR }, parts),
    recorded: async () => (await store.read({ ledger: LEDGER, after: 0, limit: 10 })).map(({ type }) => type),
  };
};

describe('an enrolment token', () => {
  it('is recorded once and revoked once, though each order comes twice', async () => {
    const { create, revoke, recorded } = await setUp();
    const made = await create();
    expect(await create()).toEqual(made);
    expect(made).toMatchObject({ standing: 'open', maximumUses: 2, uses: 0 });
    expect(await revoke(made.tokenId)).toEqual(await revoke(made.tokenId));
    expect(await recorded()).toEqual(['EnrolmentTokenCreated', 'EnrolmentTokenRevoked']);
  });

  it('that was never made cannot be revoked', async () => {
    const { revoke, recorded } = await setUp();
    await expect(revoke(seededDraws('nobody').uuid())).rejects.toMatchObject({ kind: 'not-found' });
    expect(await recorded()).toEqual([]);
  });

  it('with a controlled clock is neither made nor revoked where a production certificate was ever recorded', async () => {
    const { create, revoke, record, recorded } = await setUp({ controlled: true });
    await record(hostActivated((await aHostCertificate({ environment: 'development' })).certificate));
    const { tokenId } = await create();
    await record(hostActivated((await aHostCertificate({ environment: 'production' })).certificate));
    await expect(create()).rejects.toMatchObject({ kind: 'clock-skew' });
    await expect(revoke(tokenId)).rejects.toMatchObject({ kind: 'clock-skew' });
    expect(await recorded()).toEqual(['HostActivated', 'EnrolmentTokenCreated', 'HostActivated']);
  });
});
