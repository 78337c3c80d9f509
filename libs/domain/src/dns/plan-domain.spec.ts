import type { DomainEvent, EventOf } from '@muster/contracts';
import { announced, BERLIN, claim, claimAt, DAY_MS, dnsAfter, fellSilent, GENERAL, idOf, OURS, planOn, policyOf, srv, START_MS, text, THEIRS, timing, viewOf, withdrawn } from './dns.fixture.js';
import type { PlainRecord } from './dns.records.js';
import { planDomain } from './plan-domain.js';
import { wantedIn } from './wanted.js';

type Claims = Parameters<typeof viewOf>[1];

const given = (...events: readonly DomainEvent[]) => ({
  planOf: (records: readonly PlainRecord[] = [], claims: Claims = {}, more: Partial<Parameters<typeof planOn>[1]> = {}) => planOn(viewOf(records, claims), { state: dnsAfter(events), ...more }),
});

const publishedEvent = (host: string, name = GENERAL): EventOf<'ServiceRecordPublished'> => ({
  type: 'ServiceRecordPublished',
  data: { endpoint: idOf(host), domain: 'corp.example', name, epoch: 7, server: '192.0.2.1:53', rcode: 'NOERROR', serial: 1, priority: 0, weight: 10, ttlSeconds: 300, scheme: 'https' },
});

const both = (host: string, more: Parameters<typeof text>[1] & Parameters<typeof srv>[1] = {}) => [srv(host, more), text(host, more)];
const takeOver = (host: string, owner: string | null): DomainEvent => ({ type: 'DnsTakeOverOrdered', data: { endpoint: idOf(host), domain: 'corp.example', owner } });

describe('a plan', () => {
  it('publishes what stands nowhere, on condition that nobody claimed it', () => {
    expect(given(announced('a')).planOf()).toMatchObject({
      writes: [{ endpoint: idOf('a'), action: 'publish', claim: { name: claimAt('a'), before: null, after: claim({ epoch: 21 }), ttlSeconds: 300 }, add: both('a'), remove: [], epoch: 21, held: false }],
      differences: [{ kind: 'missing', name: GENERAL, endpoint: idOf('a'), wanted: '0 10 443 a.corp.example.', found: null }],
      conflicts: [],
      orphans: [],
      refused: null,
    });
  });

  it('is empty where everything stands as wanted, however names are spelt', () => {
    const shouting = both('a').map((record) => ({ ...record, name: `${record.name.toUpperCase()}.`, data: record.data.type === 'SRV' ? { ...record.data, target: 'A.Corp.Example.' } : record.data }));
    const zone = { recordsAt: () => shouting, claimsAt: () => [claim()] };
    expect(planOn(zone, { state: dnsAfter([announced('a')]) })).toMatchObject({ writes: [], differences: [], conflicts: [], orphans: [] });
  });

  it('replaces what differs in one write with the next epoch, on condition of the very claim', () => {
    const before = claim({ epoch: 40, at: '2025-12-31T23:59:00Z' });
    const [write] = given(announced('a', { weight: 5 })).planOf(both('a'), { [claimAt('a')]: [before] }).writes;
    expect(write).toMatchObject({ action: 'update', claim: { before, after: claim({ epoch: 41 }) }, add: [srv('a', { weight: 5 })], remove: [srv('a')], epoch: 41 });
  });

  it('has an epoch after the ledger that orders it and after the claim', () => {
    const epochOf = (position: number, epoch: number) => given(announced('a')).planOf([], { [claimAt('a')]: [claim({ epoch })] }, { position }).writes[0]?.epoch;
    expect([epochOf(100, 7), epochOf(100, 300)]).toEqual([101, 301]);
  });

  it('leaves a set that others stand in the TTL that it has', () => {
    const { writes } = given(announced('a')).planOf([srv('z', { ttlSeconds: 60 })], {});
    expect(writes).toMatchObject([{ action: 'publish', add: [srv('a', { ttlSeconds: 60 }), text('a')] }]);
  });

  it('mends a TTL by adding the record again, but not where others share it', () => {
    const claims = { [claimAt('a')]: [claim()] };
    const short = both('a', { ttlSeconds: 60 });
    const alone = given(announced('a')).planOf(short, claims);
    expect(alone).toMatchObject({ writes: [{ action: 'update', add: both('a'), remove: [] }], differences: [{ kind: 'ttl', wanted: '300 0 10 443 a.corp.example.', found: '60 0 10 443 a.corp.example.' }, { kind: 'ttl' }] });
    const shared = given(announced('a')).planOf([...short, srv('z', { ttlSeconds: 60 }), text('z', { ttlSeconds: 60 })], claims);
    expect(shared).toMatchObject({ writes: [], differences: [{ kind: 'ttl' }, { kind: 'ttl' }, { kind: 'foreign' }] });
  });

  it('adds a scheme that is missing, and replaces a wrong one', () => {
    const claims = { [claimAt('a')]: [claim()] };
    expect(given(announced('a')).planOf([srv('a')], claims)).toMatchObject({ writes: [{ add: [text('a')], remove: [] }], differences: [{ kind: 'scheme', wanted: expect.stringContaining('scheme=https'), found: null }] });
    expect(given(announced('a')).planOf([srv('a'), text('a', { scheme: 'http' })], claims)).toMatchObject({ writes: [{ add: [text('a')], remove: [text('a', { scheme: 'http' })] }], differences: [{ kind: 'different' }] });
  });

  it('removes whatever of an endpoint stands there, whatever its weight', () => {
    const odd = [srv('a', { weight: 1 }), srv('a', { weight: 2 }), text('a')];
    const plan = given(announced('a'), withdrawn('a', 'command')).planOf(odd, { [claimAt('a')]: [claim()] });
    expect(plan.writes).toMatchObject([{ action: 'withdraw', remove: odd, add: [], reason: 'endpoint-withdrawn', claim: { after: claim({ epoch: 21, state: 'withdrawn' }) } }]);
    expect(plan.differences).toMatchObject([{ kind: 'stale' }, { kind: 'stale' }]);
  });

  it('takes everything of ours away when the host is retired', () => {
    const plan = given(announced('a'), announced('b'), announced('c')).planOf([...both('a'), ...both('b'), ...both('c')], { [claimAt('a')]: [claim()], [claimAt('b')]: [claim()], [claimAt('c')]: [claim()] }, { serving: false });
    expect(plan.writes.map(({ action, reason, held }) => [action, reason, held])).toEqual(Array(3).fill(['withdraw', 'host-retired', false]));
    expect(plan.refused).toBeNull();
  });

  it('leaves no name empty in between, and makes room first where a name is full', () => {
    const story = given(announced('b'), announced('a'), withdrawn('a', 'command'));
    const actions = (recordsMax: number) => story.planOf(both('a'), { [claimAt('a')]: [claim()] }, { policy: policyOf({ recordsMax }) }).writes.map(({ action }) => action);
    expect(actions(2)).toEqual(['publish', 'withdraw']);
    expect(actions(1)).toEqual(['withdraw', 'publish']);
  });

  it('publishes again under the claim of a withdrawal', () => {
    const before = claim({ state: 'withdrawn', epoch: 30 });
    expect(given(announced('a')).planOf([], { [claimAt('a')]: [before] }).writes).toMatchObject([{ action: 'publish', claim: { before, after: claim({ epoch: 31 }) } }]);
  });

  it('writes a claim anew when it is a day old', () => {
    const plan = (ageMs: number) => given(announced('a')).planOf(both('a'), { [claimAt('a')]: [claim()] }, { nowMs: START_MS + ageMs });
    expect(plan(DAY_MS - 1).writes).toEqual([]);
    expect(plan(-2 * DAY_MS).writes).toMatchObject([{ action: 'refresh' }]);
    expect(plan(DAY_MS).writes).toMatchObject([{ action: 'refresh', add: [], remove: [], claim: { before: claim(), after: claim({ epoch: 21, at: '2026-01-02T00:00:00Z' }) } }]);
  });

  it('takes an endpoint from the names of a label that is not configured any more, by the claim of that label', () => {
    const old = { name: '_old._tcp.corp.example' };
    const oldClaim = '_443.a.corp.example._owner._old._tcp.corp.example';
    const plan = given(announced('a'), publishedEvent('a', old.name)).planOf(both('a', old), { [oldClaim]: [claim()] });
    expect(plan.writes).toMatchObject([{ action: 'publish', claim: { name: claimAt('a') }, add: both('a') }, { action: 'withdraw', claim: { name: oldClaim }, remove: both('a', old), reason: 'not-wanted' }]);
  });

  it('writes nothing where the claim was not asked for', () => {
    const [state, policy] = [dnsAfter([announced('a')]), policyOf()];
    const context = { state, policy, wanted: wantedIn({ state, policy, serving: true }), deployment: OURS, position: 20, nowMs: START_MS, timing };
    expect(planDomain({ ...context, live: { records: [], claims: new Map([[claimAt('a'), []]]) } }).writes).toHaveLength(1);
    expect(planDomain({ ...context, live: { records: [], claims: new Map() } })).toMatchObject({ writes: [], conflicts: [] });
  });
});

describe('what others own', () => {
  const found = both('a', { weight: 77 });

  it('is never changed, and is a conflict where our endpoint is to stand', () => {
    const plan = given(announced('a')).planOf(found, { [claimAt('a')]: [claim({ deployment: THEIRS })] });
    expect(plan.writes).toEqual([]);
    expect(plan.conflicts).toEqual([{ endpoint: idOf('a'), owner: THEIRS, found: expect.stringContaining('0 77 443 a.corp.example.'), since: null }]);
    expect(plan.newConflicts).toMatchObject([{ type: 'DnsConflictDetected', data: { endpoint: idOf('a'), domain: 'corp.example', owner: THEIRS } }]);
  });

  it('is recorded once while it stays the same, whenever its owner renews it', () => {
    const first = given(announced('a')).planOf(found, { [claimAt('a')]: [claim({ deployment: THEIRS })] });
    const known = given(announced('a'), ...first.newConflicts);
    const renewed = known.planOf(found, { [claimAt('a')]: [claim({ deployment: THEIRS, epoch: 9, at: '2026-01-05T00:00:00Z' })] });
    expect(renewed).toMatchObject({ newConflicts: [], conflicts: [{ since: '2026-01-01T00:00:00.000Z' }], writes: [] });
    expect(known.planOf(found, { [claimAt('a')]: [claim({ deployment: '33'.repeat(16) })] }).newConflicts).toHaveLength(1);
    expect(known.planOf(both('a', { weight: 78 }), { [claimAt('a')]: [claim({ deployment: THEIRS })] }).newConflicts).toHaveLength(1);
  });

  it.each<[string, Claims[string]]>([
    ['no claim', []],
    ['a claim of a later build', [['v=muster-claim2 whatever']]],
    ['two claims, one of them ours', [claim(), ['v=spf1']]],
    ['an epoch that nobody can count on from', [claim({ epoch: 999_999_999_999_999 })]],
    ['a claim of no time', [claim({ at: '2026-99-99T00:00:00Z' })]],
  ])('is a conflict with nobody we know under %s', (_what, claims) => {
    expect(given(announced('a')).planOf(found, { [claimAt('a')]: claims })).toMatchObject({ writes: [], conflicts: [{ owner: null }] });
  });

  it('is claimed when it was entered by hand just as it is wanted, its TTL aside', () => {
    expect(given(announced('a')).planOf(both('a'), {}).writes).toMatchObject([{ action: 'publish', claim: { before: null }, add: [], remove: [] }]);
    expect(given(announced('a')).planOf(both('a', { ttlSeconds: 9 }), {}).writes).toMatchObject([{ action: 'publish', add: both('a'), remove: [] }]);
  });

  it('is free when its owner gave it up and left nothing', () => {
    const before = claim({ deployment: THEIRS, state: 'withdrawn', epoch: 50 });
    expect(given(announced('a')).planOf([], { [claimAt('a')]: [before] }).writes).toMatchObject([{ action: 'publish', claim: { before }, epoch: 51 }]);
    expect(given(announced('a')).planOf(found, { [claimAt('a')]: [before] })).toMatchObject({ writes: [], conflicts: [{ owner: THEIRS }] });
    expect(given(announced('a')).planOf([], { [claimAt('a')]: [claim({ deployment: THEIRS })] })).toMatchObject({ writes: [], conflicts: [{ owner: THEIRS, found: 'a claim without records' }] });
  });

  it('is replaced by order, and only what that owner left', () => {
    const theirs = claim({ deployment: THEIRS, epoch: 50 });
    const story = given(announced('a'), takeOver('a', THEIRS));
    expect(story.planOf(found, { [claimAt('a')]: [theirs] })).toMatchObject({ conflicts: [], writes: [{ action: 'publish', claim: { before: theirs, after: claim({ epoch: 51 }) }, add: [srv('a')], remove: [found[0]] }] });
    expect(story.planOf(found, { [claimAt('a')]: [claim({ deployment: '33'.repeat(16) })] })).toMatchObject({ writes: [], conflicts: [{ owner: '33'.repeat(16) }] });
    expect(story.planOf(found, {})).toMatchObject({ writes: [], conflicts: [{ owner: null }] });
  });

  it('that nobody claims is replaced by order as it was seen, and not as somebody changed it since', () => {
    const { newConflicts } = given(announced('a')).planOf(found, {});
    const story = given(announced('a'), ...newConflicts, takeOver('a', null));
    expect(story.planOf(found, {})).toMatchObject({ conflicts: [], writes: [{ claim: { before: null } }] });
    expect(story.planOf(both('a', { weight: 78 }), {})).toMatchObject({ writes: [], conflicts: [{ owner: null }], newConflicts: [{ data: { owner: null } }] });
  });

  it('is not ours again by an order that was carried out, or was about something else', () => {
    const theirs = { [claimAt('a')]: [claim({ deployment: THEIRS })] };
    expect(given(announced('a'), takeOver('a', THEIRS), publishedEvent('a')).planOf(found, theirs)).toMatchObject({ writes: [], conflicts: [{ owner: THEIRS }] });
    const [other] = given(announced('a')).planOf(found, { [claimAt('a')]: [claim({ deployment: THEIRS })] }).newConflicts;
    expect(given(announced('a'), takeOver('a', THEIRS), other!).planOf(found, theirs).writes).toEqual([]);
  });

  it('is left alone, order or not, when our endpoint was withdrawn before the order was carried out', () => {
    const plan = given(announced('a'), takeOver('a', THEIRS), withdrawn('a', 'command')).planOf(found, { [claimAt('a')]: [claim({ deployment: THEIRS })] });
    expect(plan).toMatchObject({ writes: [], conflicts: [] });
  });

  it('is left alone where nothing of ours is to stand', () => {
    const plan = given(announced('a'), withdrawn('a', 'command')).planOf([...found, ...both('z')], { [claimAt('a')]: [claim({ deployment: THEIRS })] });
    expect(plan).toMatchObject({ writes: [], conflicts: [], orphans: [], differences: [{ kind: 'foreign', endpoint: idOf('a') }, { kind: 'foreign', endpoint: idOf('z') }] });
  });

  it('is a conflict where we published and somebody took it since, and not ours any more once that is recorded', () => {
    const story = [announced('a'), publishedEvent('a'), withdrawn('a', 'command')];
    const plan = given(...story).planOf(found, { [claimAt('a')]: [claim({ deployment: THEIRS })] });
    expect(plan).toMatchObject({ writes: [], conflicts: [{ owner: THEIRS }] });
    expect(dnsAfter([...story, ...plan.newConflicts]).published.size).toBe(0);
  });

  it('is foreign when it leads nowhere, which switches the service off', () => {
    const off: PlainRecord = { name: GENERAL, ttlSeconds: 300, data: { type: 'SRV', priority: 0, weight: 0, port: 0, target: '.' } };
    expect(given().planOf([off])).toMatchObject({ writes: [], differences: [{ kind: 'foreign', endpoint: null, found: '0 0 0 .' }] });
  });
});

describe('what this deployment left behind', () => {
  it('is an orphan when the ledger does not know the endpoint, due after two windows', () => {
    const plan = given().planOf(both('a'), { [claimAt('a')]: [claim()] });
    expect(plan.writes).toEqual([]);
    expect(plan.differences).toMatchObject([{ kind: 'stale' }]);
    expect(plan.orphans).toMatchObject([{ endpoint: idOf('a'), records: both('a'), renewedAtMs: START_MS, dueAtMs: START_MS + 14 * DAY_MS, write: { action: 'scavenge', claim: { before: claim(), after: null }, remove: both('a'), reason: 'scavenged' } }]);
  });

  it('is the claim of a withdrawal, once its records are gone', () => {
    const story = given(announced('a'), publishedEvent('a'), withdrawn('a', 'command'));
    expect(story.planOf([], { [claimAt('a')]: [claim()] })).toMatchObject({ writes: [{ action: 'withdraw' }], orphans: [] });
    expect(story.planOf([], { [claimAt('a')]: [claim({ state: 'withdrawn' })] })).toMatchObject({ writes: [], orphans: [{ records: [], dueAtMs: START_MS + 14 * DAY_MS }] });
    expect(story.planOf()).toMatchObject({ writes: [], orphans: [] });
  });
});

describe('a plan that takes much away', () => {
  const sites = [{ name: 'berlin', coveredBy: [] }];
  const hosts = ['a', 'b', 'c'];
  const claims = Object.fromEntries(hosts.map((host) => [claimAt(host), [claim()]]));
  const inBoth = hosts.flatMap((host) => [...both(host), ...both(host, { name: BERLIN })]);
  const published = hosts.flatMap((host) => [announced(host, { sites: ['berlin'] }), publishedEvent(host), publishedEvent(host, BERLIN)]);

  it('goes on while no more goes than may', () => {
    const plan = given(...published).planOf(inBoth, claims, { policy: policyOf({ sites: [] }) });
    expect(plan).toMatchObject({ refused: null, writes: hosts.map(() => ({ action: 'update', reason: 'not-wanted', held: false })) });
  });

  it('is held back beyond the share, until an administrator raises it', () => {
    const policy = policyOf({ sites: [], deleteShareMax: 0.4 });
    const plan = given(...published).planOf(inBoth, claims, { policy });
    expect(plan.refused).toContain('3 of our 6 SRV records');
    expect(plan.writes.map(({ held }) => held)).toEqual([true, true, true]);
    expect(given(...published).planOf(inBoth, claims, { policy, deleteShareMax: 1 })).toMatchObject({ refused: null, writes: hosts.map(() => ({ held: false })) });
  });

  it('holds nothing back that the ledger orders', () => {
    const policy = policyOf({ sites, deleteShareMax: 0 });
    const byCommand = given(...published, ...hosts.map((host) => withdrawn(host, 'command'))).planOf(inBoth, claims, { policy });
    expect(byCommand).toMatchObject({ refused: null, writes: hosts.map(() => ({ action: 'withdraw', reason: 'endpoint-withdrawn', held: false })) });
    const preferred = hosts.map((host): DomainEvent => ({ type: 'EndpointConfigured', data: { endpoint: idOf(host), priority: null, weight: null, domains: [] } }));
    expect(given(...published, ...preferred).planOf(inBoth, claims, { policy })).toMatchObject({ refused: null, writes: hosts.map(() => ({ reason: 'not-wanted', held: false })) });
  });

  it('lets whoever covered a site make way for its own', () => {
    const policy = policyOf({ sites: [{ name: 'berlin', coveredBy: ['munich'] }], deleteShareMax: 0 });
    const munich = hosts.map((host) => announced(host, { sites: ['munich'] }));
    const plan = given(...munich, announced('d', { sites: ['berlin'] })).planOf(inBoth, claims, { policy });
    expect(plan.refused).toBeNull();
    expect(plan.writes.filter(({ action }) => action === 'update')).toHaveLength(3);
  });

  it('replaces as many records as it likes: an update takes nothing away', () => {
    const heavier = hosts.map((host) => announced(host, { sites: ['berlin'], weight: 99 }));
    expect(given(...heavier).planOf(inBoth, claims, { policy: policyOf({ sites, deleteShareMax: 0 }) })).toMatchObject({ refused: null, writes: hosts.map(() => ({ held: false })) });
  });

  it('may take two records whatever share they are', () => {
    const records = both('a', { name: BERLIN }).concat(both('b', { name: BERLIN }));
    expect(given(...published).planOf(records, claims, { policy: policyOf({ sites: [], deleteShareMax: 0 }) }).refused).toBeNull();
  });
});

describe('a name that fills', () => {
  const hosts = ['a', 'b', 'c', 'd'];
  const strangers = ['x', 'y'].flatMap((host) => both(host));

  it('takes as many of ours as others leave room for, and says so', () => {
    const plan = given(...hosts.map((host) => announced(host))).planOf(strangers, {}, { policy: policyOf({ recordsWarn: 4, recordsMax: 5 }) });
    expect(plan.writes.map(({ endpoint }) => endpoint)).toEqual(['a', 'b', 'c'].map(idOf));
    expect(plan.findings).toMatchObject([{ id: 'dns-name-full', severity: 'error', detail: expect.stringContaining('the last 1 of ours') }]);
  });

  it('is warned of before', () => {
    const at = (recordsWarn: number) => given(...hosts.map((host) => announced(host))).planOf(strangers, {}, { policy: policyOf({ recordsWarn }) }).findings;
    expect(at(6)).toMatchObject([{ id: 'dns-name-nearly-full', severity: 'warning' }]);
    expect(at(7)).toEqual([]);
  });

  it('takes no more because somebody entered one of ours by hand that does not fit', () => {
    const plan = given(announced('a'), announced('b')).planOf([...both('b'), ...both('x')], {}, { policy: policyOf({ recordsMax: 2 }) });
    expect(plan.writes).toEqual([]);
    expect(given(announced('a'), announced('b')).planOf([...both('b'), ...both('x')], {}, { policy: policyOf({ recordsMax: 3 }) }).writes).toMatchObject([{ endpoint: idOf('a') }, { endpoint: idOf('b') }]);
  });

  it('loses the demoted first', () => {
    const plan = given(announced('a'), announced('b'), fellSilent('a', 'unheard')).planOf(both('a'), { [claimAt('a')]: [claim({ deployment: OURS })] }, { policy: policyOf({ recordsMax: 1 }) });
    expect(plan.writes).toMatchObject([{ action: 'withdraw', endpoint: idOf('a'), reason: 'not-wanted' }, { action: 'publish', endpoint: idOf('b') }]);
  });
});
