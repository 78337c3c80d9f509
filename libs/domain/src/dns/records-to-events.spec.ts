import type { DomainEvent } from '@muster/contracts';
import { announced, BERLIN, claim, claimAt, dnsAfter, DAY_MS, GENERAL, idOf, liveIn, OURS, planOn, policyOf, srv, START_MS, text, THEIRS, timing, viewOf, withdrawn } from './dns.fixture.js';
import type { PlainRecord } from './dns.records.js';
import { recordsOf, unrecordedOf } from './records-to-events.js';
import { orphanKey, orphansToGo } from './scavenging.rule.js';
import { wantedIn } from './wanted.js';

type Claims = Parameters<typeof viewOf>[1];

const sites = [{ name: 'berlin', coveredBy: [] }];
const policy = policyOf({ sites });
const asked = { policy, server: '192.0.2.1:53', serial: 5 };
const both = (host: string, name = GENERAL): readonly PlainRecord[] => [srv(host, { name }), text(host, { name })];
const ours: Claims = { [claimAt('a')]: [claim({ epoch: 21 })] };

const published = (host: string, more: object = {}): DomainEvent => ({
  type: 'ServiceRecordPublished',
  data: { endpoint: idOf(host), domain: 'corp.example', name: GENERAL, epoch: 21, server: '192.0.2.1:53', rcode: 'NOERROR', serial: 5, priority: 0, weight: 10, ttlSeconds: 300, scheme: 'https', ...more },
});
const gone = (host: string, more: object = {}): DomainEvent => ({
  type: 'ServiceRecordWithdrawn',
  data: { endpoint: idOf(host), domain: 'corp.example', name: GENERAL, epoch: 21, server: '192.0.2.1:53', rcode: 'NOERROR', serial: 5, reason: 'endpoint-withdrawn', ...more },
});

/** The first write of the plan for what stood before, and what a query after it shows. */
const given = (...events: readonly DomainEvent[]) => ({
  when: (before: { records: readonly PlainRecord[]; claims: Claims }, after: { records: readonly PlainRecord[]; claims: Claims }) => {
    const state = dnsAfter(events);
    const [write] = planOn(viewOf(before.records, before.claims), { state, policy }).writes;
    return recordsOf({ write: write!, live: liveIn(viewOf(after.records, after.claims), { state, policy }), state, rcode: 'NOERROR', ...asked });
  },
  whenSettled: (records: readonly PlainRecord[], claims: Claims) => {
    const state = dnsAfter(events);
    const zone = viewOf(records, claims);
    const wanted = wantedIn({ state, policy, serving: true });
    return unrecordedOf({ plan: planOn(zone, { state, policy }), wanted, live: liveIn(zone, { state, policy }), state, deployment: OURS, ...asked });
  },
});

const nothing = { records: [], claims: {} };

describe('what a write changed', () => {
  it('is recorded by name, by the word of the query after it', () => {
    const berlin = announced('a', { sites: ['berlin'] });
    expect(given(berlin).when(nothing, { records: [...both('a'), ...both('a', BERLIN)], claims: ours })).toEqual([published('a'), published('a', { name: BERLIN })]);
    expect(given(berlin).when(nothing, { records: both('a'), claims: ours })).toEqual([published('a')]);
    expect(given(berlin).when(nothing, nothing)).toEqual([]);
  });

  it('is as it stands there, not as it was asked for', () => {
    expect(given(announced('a')).when(nothing, { records: [srv('a', { ttlSeconds: 60 }), text('a', { scheme: 'http' })], claims: ours })).toEqual([published('a', { ttlSeconds: 60, scheme: 'http' })]);
  });

  it('is not recorded when the ledger says so already', () => {
    expect(given(announced('a'), published('a', { epoch: 3 })).when(nothing, { records: both('a'), claims: ours })).toEqual([]);
    expect(given(announced('a'), published('a', { weight: 1 })).when(nothing, { records: both('a'), claims: ours })).toEqual([published('a')]);
  });

  it('is nothing of ours when somebody else holds the claim by then', () => {
    expect(given(announced('a')).when(nothing, { records: both('a'), claims: { [claimAt('a')]: [claim({ deployment: THEIRS })] } })).toEqual([]);
  });

  it('waits for a server that has the write: one with an older zone handed it on', () => {
    const before = { records: [srv('a', { weight: 3 }), text('a')], claims: { [claimAt('a')]: [claim()] } };
    expect(given(announced('a')).when(before, before)).toEqual([]);
  });

  const withdrawal = [announced('a'), published('a', { epoch: 7 }), withdrawn('a', 'command')];
  const listed = { records: both('a'), claims: { [claimAt('a')]: [claim()] } };

  it('is a withdrawal only where no record of the endpoint stands any more', () => {
    const after = { [claimAt('a')]: [claim({ epoch: 21, state: 'withdrawn' })] };
    expect(given(...withdrawal).when(listed, { records: [], claims: after })).toEqual([gone('a')]);
    expect(given(...withdrawal).when(listed, { records: [srv('a', { weight: 3 })], claims: after })).toEqual([]);
    expect(given(...withdrawal, gone('a')).when(listed, { records: [], claims: after })).toEqual([]);
  });

  it('is a withdrawal from one name that the endpoint is not wanted at', () => {
    const story = given(announced('a'), published('a'), published('a', { name: BERLIN }));
    expect(story.when({ records: [...both('a'), ...both('a', BERLIN)], claims: { [claimAt('a')]: [claim()] } }, { records: both('a'), claims: ours })).toEqual([gone('a', { name: BERLIN, reason: 'not-wanted' })]);
  });
});

describe('what stands as wanted without the ledger knowing', () => {
  it('is recorded with the epoch of its claim', () => {
    expect(given(announced('a')).whenSettled(both('a'), ours)).toEqual([published('a')]);
    expect(given(announced('a'), published('a')).whenSettled(both('a'), ours)).toEqual([]);
  });

  it('is recorded as gone when it is gone', () => {
    const story = [announced('a'), published('a'), withdrawn('a', 'command')];
    expect(given(...story).whenSettled([], { [claimAt('a')]: [claim({ epoch: 21, state: 'withdrawn' })] })).toEqual([gone('a')]);
  });

  it('waits for a server whose zone is no older than what is recorded', () => {
    const older = [claim({ epoch: 20 })];
    expect(given(announced('a'), published('a', { weight: 3 })).whenSettled(both('a'), { [claimAt('a')]: older })).toEqual([]);
    const story = [announced('a'), published('a'), withdrawn('a', 'command')];
    expect(given(...story).whenSettled([], { [claimAt('a')]: [claim({ epoch: 20, state: 'withdrawn' })] })).toEqual([]);
  });

  it('waits while a write is to be made, or the claim is not ours', () => {
    expect(given(announced('a', { weight: 3 })).whenSettled(both('a'), ours)).toEqual([]);
    expect(given(announced('a')).whenSettled(both('a'), {})).toEqual([]);
    expect(given(announced('a')).whenSettled(both('a'), { [claimAt('a')]: [claim({ deployment: THEIRS })] })).toEqual([]);
    expect(given(announced('a'), published('a'), withdrawn('a', 'command')).whenSettled(both('a'), ours)).toEqual([]);
  });
});

describe('orphans', () => {
  const { orphans } = planOn(viewOf(both('a'), ours), { state: dnsAfter([]), policy, timing });

  it('go by order once they are due', () => {
    expect(orphansToGo(orphans, { nowMs: START_MS + 14 * DAY_MS - 1, reported: 'ordered' })).toEqual([]);
    expect(orphansToGo(orphans, { nowMs: START_MS + 14 * DAY_MS, reported: 'ordered' })).toEqual(orphans);
  });

  it('go without an order only when they were reported before, and not renewed since', () => {
    const due = { nowMs: START_MS + 14 * DAY_MS };
    expect(orphansToGo(orphans, { ...due, reported: new Set() })).toEqual([]);
    expect(orphansToGo(orphans, { ...due, reported: new Set(orphans.map(orphanKey)) })).toEqual(orphans);
    expect(orphansToGo(orphans.map((orphan) => ({ ...orphan, renewedAtMs: START_MS - 1 })), { ...due, reported: new Set(orphans.map(orphanKey)) })).toEqual([]);
  });

  it('are recorded when the scavenging shows in a query', () => {
    const { write } = orphans[0]!;
    const state = dnsAfter([announced('a'), published('a')]);
    expect(recordsOf({ write, live: liveIn(viewOf([], {}), { state, policy }), state, rcode: 'NOERROR', ...asked })).toEqual([gone('a', { epoch: 22, reason: 'scavenged' })]);
  });
});
