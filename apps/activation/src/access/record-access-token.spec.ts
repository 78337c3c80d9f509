import type { RecordAccessToken, RecordedEvent } from '@muster/contracts';
import { decodeBody } from '@muster/contracts';
import type { AccessTokens, HostState } from '@muster/domain';
import { accessTokensFold, hostFold } from '@muster/domain';
import type { Follower } from '@muster/event-store';
import { createFollower, createInMemoryEventStore, toLedgerAppended } from '@muster/event-store';
import { DAY_SECONDS } from '@muster/kernel';
import { fixedClock, seededDraws, TEST_START_MS } from '@muster/testing';
import { createAccessToken, revokeAccessToken } from './record-access-token.js';

const LEDGER = 'main';
const HASH = 'A'.repeat(43);
const ACTOR = 'operator:abcdefghijkl';

const followers: Follower<never>[] = [];
afterEach(() => Promise.all(followers.splice(0).map((follower) => follower.stop())));

const setUp = async () => {
  const clock = { ...fixedClock(TEST_START_MS), controlled: false };
  const store = createInMemoryEventStore({ clock, storeClock: clock });
  const tokens = createFollower<AccessTokens>({ store, ledger: LEDGER, fold: accessTokensFold });
  const host = createFollower<HostState>({
    store,
    ledger: LEDGER,
    fold: { name: 'host', wholeTypes: ['HostActivated', 'HostRetired'], initialState: hostFold.initialState, applyEvent: (state, { event }) => hostFold.evolve(state, event) },
  });
  followers.push(tokens as Follower<never>, host as Follower<never>);
  await Promise.all([tokens.start(), host.start()]);
  const recorded: RecordedEvent[] = [];
  const parts = {
    store,
    ledger: LEDGER,
    clock,
    draws: seededDraws('access'),
    tokens,
    host,
    onAppended: (events: readonly RecordedEvent[]) => {
      recorded.push(...events);
      tokens.onAppended(toLedgerAppended(events));
    },
  };
  const create = (order: Partial<RecordAccessToken> = {}) => createAccessToken({ tokenHash: HASH, role: 'viewer', expiresInSeconds: null, note: null, actor: ACTOR, ...order }, parts);
  const revoke = (tokenId: string) => revokeAccessToken({ tokenId, actor: ACTOR }, parts);
  return { store, clock, recorded, create, revoke };
};

describe('an access token', () => {
  it('is recorded by its hash, with who made it; whom it is for stands beside the ledger', async () => {
    const { store, recorded, create } = await setUp();
    const answer = await create({ note: 'Ada, night shift', expiresInSeconds: DAY_SECONDS });
    const [event] = recorded as [RecordedEvent];
    expect(decodeBody(event)).toEqual({ type: 'AccessTokenCreated', data: { tokenId: answer.tokenId, role: 'viewer', tokenHash: HASH, expiresAt: answer.expiresAt } });
    expect(event.actor).toBe(ACTOR);
    expect(Buffer.from(event.body).toString()).not.toContain('Ada');
    expect(await store.readPersonalData(LEDGER, HASH)).toEqual([{ machine: HASH, requestId: answer.tokenId, hostname: 'Ada, night shift', address: null }]);
    expect(await store.erasePersonalData(LEDGER, HASH)).toBe(1);
  });

  it('is recorded once, though the order comes twice', async () => {
    const { recorded, create } = await setUp();
    expect(await create()).toEqual(await create());
    expect(recorded).toHaveLength(1);
  });

  it('is revoked once, also by two at a time', async () => {
    const { recorded, clock, create, revoke } = await setUp();
    const { tokenId } = await create();
    clock.advance(60);
    const [first, second] = await Promise.all([revoke(tokenId), revoke(tokenId)]);
    expect(second).toEqual(first);
    clock.advance(60);
    expect(await revoke(tokenId)).toEqual(first);
    expect(recorded.map(({ type, actor }) => [type, actor])).toEqual([
      ['AccessTokenCreated', ACTOR],
      ['AccessTokenRevoked', ACTOR],
    ]);
  });

  it('that was never made cannot be revoked', async () => {
    const { recorded, revoke } = await setUp();
    await expect(revoke('018f0000-0000-7000-8000-000000000000')).rejects.toMatchObject({ kind: 'not-found' });
    expect(recorded).toEqual([]);
  });
});
