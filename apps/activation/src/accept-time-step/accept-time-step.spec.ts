import type { DomainEvent, RecordedEvent } from '@muster/contracts';
import { decodeBody } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { hostFold } from '@muster/domain';
import type { Follower } from '@muster/event-store';
import { createFollower, createInMemoryEventStore, TIME_STEP_MS_MAX } from '@muster/event-store';
import { SECOND_MS, toInstant } from '@muster/kernel';
import { aHostCertificate, anEvent, fixedClock, hostActivated, TEST_START_MS } from '@muster/testing';
import { acceptTimeStep } from './accept-time-step.js';

const LEDGER = 'main';

const followers: Follower<HostState>[] = [];
afterEach(() => Promise.all(followers.splice(0).map((follower) => follower.stop())));

const setUp = async ({ controlled = false } = {}) => {
  const clock = { ...fixedClock(TEST_START_MS), controlled };
  const store = createInMemoryEventStore({ clock, storeClock: clock });
  const follower = createFollower<HostState>({
    store,
    ledger: LEDGER,
    fold: { name: 'host', wholeTypes: ['HostActivated', 'HostRetired'], initialState: hostFold.initialState, applyEvent: (state, { event }) => hostFold.evolve(state, event) },
  });
  await follower.start();
  followers.push(follower);
  const told: RecordedEvent[] = [];
  const accept = () => acceptTimeStep({ store, ledger: LEDGER, actor: 'operator:test', clock, follower, onAppended: (events) => void told.push(...events) });
  const record = async (recorded: DomainEvent = anEvent('HostRetired')) => {
    const nowMs = clock.nowMs();
    const event = { event: recorded, actor: 'operator:test', requestId: null, causedByPrevious: false };
    return store.append({ ledger: LEDGER, expectedHead: await store.head(LEDGER), recordedAtMs: nowMs, nowMs, events: [event], requests: [], personal: [] });
  };
  return { clock, store, told, accept, record };
};

describe('accepting a step of time', () => {
  it('records the decision, and the ledger goes on', async () => {
    const { clock, store, told, accept, record } = await setUp();
    await record();
    clock.advance(TIME_STEP_MS_MAX / SECOND_MS + 1);
    await expect(record()).rejects.toMatchObject({ kind: 'time-step' });
    const step = { from: toInstant(TEST_START_MS), to: toInstant(clock.nowMs()) };
    expect(await accept()).toEqual({ outcome: 'accepted', ...step, position: 2 });
    const [recorded] = await store.readAt(LEDGER, [2]);
    expect(recorded).toMatchObject({ actor: 'operator:test', recordedAtMs: clock.nowMs() });
    expect(decodeBody(recorded as RecordedEvent)).toEqual({ type: 'TimeStepAccepted', data: step });
    expect(told.map(({ position }) => position)).toEqual([2]);
    expect((await record()).outcome).toBe('appended');
  });

  it('records nothing where there is none', async () => {
    const { clock, store, accept, record } = await setUp();
    expect(await accept()).toEqual({ outcome: 'no-step', from: null, to: toInstant(TEST_START_MS), position: 0 });
    await record();
    clock.advance(TIME_STEP_MS_MAX / SECOND_MS);
    expect(await accept()).toEqual({ outcome: 'no-step', from: toInstant(TEST_START_MS), to: toInstant(clock.nowMs()), position: 1 });
    expect((await store.head(LEDGER)).position).toBe(1);
  });

  it.each(['production', 'development'] as const)('with a controlled clock is refused where a production certificate was ever recorded: %s', async (environment) => {
    const { clock, store, accept, record } = await setUp({ controlled: true });
    const { certificate } = await aHostCertificate({ environment });
    await record(hostActivated(certificate));
    clock.advance(TIME_STEP_MS_MAX / SECOND_MS + 1);
    if (environment === 'development') expect(await accept()).toMatchObject({ outcome: 'accepted' });
    else await expect(accept()).rejects.toMatchObject({ kind: 'clock-skew' });
    expect((await store.head(LEDGER)).position).toBe(environment === 'development' ? 2 : 1);
  });

  it('by several at once is one decision', async () => {
    const { clock, store, accept, record } = await setUp();
    await record();
    clock.advance(TIME_STEP_MS_MAX / SECOND_MS + 1);
    const answers = await Promise.all([accept(), accept(), accept()]);
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'no-step', 'no-step']);
    expect((await store.head(LEDGER)).position).toBe(2);
  });
});
