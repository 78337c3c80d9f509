import type { DomainEvent, EndpointFacts } from '@muster/contracts';
import { announced, dnsAfter, DOMAIN, factsOf, fellSilent, GENERAL, idOf, policyOf, START_MS, timing, withdrawn } from './dns.fixture.js';
import { applyDnsEvent } from './endpoints.fold.js';
import type { Hearing, StandingsContext } from './standings.decide.js';
import { decideStandings } from './standings.decide.js';

const SECOND = 1000;
const berlin = { name: 'berlin', coveredBy: ['munich'] };

/** A gateway that was last heard so long ago. */
const heardAgo = (host: string, seconds: number, { stopping = false, now = 1_000_000, facts = {} as Partial<EndpointFacts> } = {}): readonly [string, Hearing] => {
  const heardMs = now - seconds * SECOND;
  return [idOf(host), { lastHeardMs: heardMs, facts: factsOf(host, facts), instances: new Map([['i1', { heardMs, stopping }]]) }];
};

const given = (...events: readonly DomainEvent[]) => ({
  when: (heard: readonly (readonly [string, Hearing])[], more: Partial<StandingsContext> = {}) =>
    decideStandings({ state: dnsAfter(events), heard: new Map(heard), startedMs: 0, monotonicMs: 1_000_000, nowMs: START_MS, timing, domains: [policyOf()], serving: true, ...more }),
});

describe('the standing of an endpoint', () => {
  it('is recorded with its first beat', () => {
    expect(given().when([heardAgo('a', 1)])).toEqual([announced('a')]);
  });

  it('is not recorded again while the beats say the same', () => {
    expect(given(announced('a', { sites: ['x', 'y'] })).when([heardAgo('a', 1, { facts: { sites: ['y', 'x'] } })])).toEqual([]);
  });

  it.each<Partial<EndpointFacts>>([{ weight: 20 }, { priority: 1 }, { scheme: 'http' }, { sites: ['berlin'] }, { domains: ['corp.example'] }, { domains: [] }])('is recorded anew with other facts: %j', (facts) => {
    expect(given(announced('a')).when([heardAgo('a', 1, { facts })])).toEqual([announced('a', facts)]);
  });

  it('is silence after 30 s without a beat, and dated to the last one', () => {
    expect(given(announced('a')).when([heardAgo('a', 29.999)])).toEqual([]);
    expect(given(announced('a')).when([heardAgo('a', 30)])).toEqual([fellSilent('a', 'unheard', START_MS - 30_000)]);
  });

  it('is unknown to a registrar that just started, until it listened for 30 s', () => {
    expect(given(announced('a')).when([], { startedMs: 971_000 })).toEqual([]);
    expect(given(announced('a')).when([], { startedMs: 970_000 })).toEqual([fellSilent('a', 'unheard', START_MS - 30_000)]);
    expect(given(announced('a'), announced('b'), fellSilent('a', 'unheard', 0)).when([heardAgo('b', 0)], { startedMs: 971_000 })).toEqual([]);
  });

  const later = { nowMs: START_MS + 60 * SECOND };

  it('is an orderly stop at once when all its instances say so', () => {
    expect(given(announced('a')).when([heardAgo('a', 1, { stopping: true })], later)).toEqual([fellSilent('a', 'stopped', START_MS + 59_000)]);
  });

  it('is no orderly stop while somebody heard it since; it is one when nothing more is heard of it', () => {
    const story = given(announced('a'), fellSilent('a', 'stopped', START_MS - 5000), { type: 'EndpointHeardAgain', data: { endpoint: idOf('a') } });
    expect(story.when([heardAgo('a', 5, { stopping: true })])).toEqual([]);
    expect(story.when([heardAgo('a', 30, { stopping: true })], { nowMs: START_MS + 25 * SECOND })).toEqual([fellSilent('a', 'stopped', START_MS - 5000)]);
  });

  it('is doubted for ten times as long by a registrar that listened in vain while another one heard it', () => {
    const story = given(announced('a'), fellSilent('a', 'unheard', START_MS - 30_001), { type: 'EndpointHeardAgain', data: { endpoint: idOf('a') } });
    const listeningSince = { startedMs: 1_000_000 - 30_001 };
    expect(story.when([], listeningSince)).toEqual([]);
    expect(story.when([heardAgo('a', 31)])).toEqual([]);
    const wellOver = { startedMs: 0, nowMs: START_MS + 299_999 };
    expect(story.when([], wellOver)).toEqual([]);
    expect(story.when([], { ...wellOver, nowMs: START_MS + 300_000 })).toEqual([fellSilent('a', 'unheard')]);
  });

  const twoInstances = (one: { heardMs: number; stopping: boolean }, other: { heardMs: number; stopping: boolean }): readonly [string, Hearing] => [
    idOf('a'),
    { lastHeardMs: Math.max(one.heardMs, other.heardMs), facts: factsOf('a'), instances: new Map([['i1', one], ['i2', other]]) },
  ];

  it('is heard while one of its instances is', () => {
    expect(given(announced('a')).when([twoInstances({ heardMs: 999_000, stopping: true }, { heardMs: 980_000, stopping: false })])).toEqual([]);
  });

  it('is no orderly stop when one of its instances just died', () => {
    expect(given(announced('a')).when([twoInstances({ heardMs: 970_000, stopping: true }, { heardMs: 965_000, stopping: false })])).toEqual([fellSilent('a', 'unheard', START_MS - 30_000)]);
  });

  it('is an orderly stop, whichever instance died long before', () => {
    expect(given(announced('a')).when([twoInstances({ heardMs: 999_000, stopping: true }, { heardMs: 100_000, stopping: false })], later)).toEqual([fellSilent('a', 'stopped', START_MS + 59_000)]);
  });

  it('is heard again with the next beat', () => {
    expect(given(announced('a'), fellSilent('a', 'unheard')).when([heardAgo('a', 1)])).toEqual([{ type: 'EndpointHeardAgain', data: { endpoint: idOf('a') } }]);
    expect(given(announced('a'), fellSilent('a', 'unheard')).when([heardAgo('a', 1, { facts: { weight: 1 } })])).toEqual([announced('a', { weight: 1 })]);
  });

  it('ends silence when it is announced with other facts', () => {
    expect(dnsAfter([announced('a'), fellSilent('a', 'unheard'), announced('a', { weight: 1 })]).endpoints.get(idOf('a'))?.standing.status).toBe('heard');
  });
});

describe('an endpoint that stays silent', () => {
  const after = (cause: 'stopped' | 'unheard', seconds: number) => given(announced('a'), announced('b'), fellSilent('a', cause)).when([heardAgo('b', 1)], { nowMs: START_MS + seconds * SECOND });

  it('is withdrawn ten minutes after an orderly stop', () => {
    expect(after('stopped', 599.999)).toEqual([]);
    expect(after('stopped', 600)).toEqual([withdrawn('a', 'stopped')]);
  });

  it('is withdrawn a day after it was last heard', () => {
    expect(after('unheard', 86_399.999)).toEqual([]);
    expect(after('unheard', 86_400)).toEqual([withdrawn('a', 'unheard')]);
  });

  it('stays when it is the last one listed, and moves behind whoever comes', () => {
    expect(given(announced('a'), fellSilent('a', 'unheard')).when([], { nowMs: START_MS + 90_000 * SECOND })).toEqual([]);
    expect(given(announced('a'), fellSilent('a', 'stopped')).when([], { nowMs: START_MS + 600 * SECOND })).toEqual([fellSilent('a', 'unheard')]);
  });

  it('stays while it is the only one that stands there, whoever is to stand there too', () => {
    const published = (host: string): DomainEvent => ({
      type: 'ServiceRecordPublished',
      data: { endpoint: idOf(host), domain: DOMAIN, name: GENERAL, epoch: 7, server: '192.0.2.1:53', rcode: 'NOERROR', serial: 1, priority: 0, weight: 10, ttlSeconds: 300, scheme: 'https' },
    });
    const events = [announced('a'), published('a'), announced('b'), fellSilent('a', 'unheard')];
    const late = { nowMs: START_MS + 90_000 * SECOND };
    expect(given(...events).when([heardAgo('b', 1)], late)).toEqual([]);
    expect(given(...events, published('b')).when([heardAgo('b', 1)], late)).toEqual([withdrawn('a', 'unheard')]);
    const bothSilent = given(...events, published('b'), fellSilent('b', 'unheard', START_MS + 1), announced('c'));
    expect(bothSilent.when([heardAgo('c', 1)], late)).toEqual([withdrawn('a', 'unheard')]);
  });

  it('stays when it is the last one of its site, and goes when another site covers it', () => {
    const story = given(announced('a', { sites: ['berlin'] }), announced('b'), fellSilent('a', 'unheard'));
    const beats = [heardAgo('b', 1)];
    const late = { nowMs: START_MS + 90_000 * SECOND, domains: [policyOf({ sites: [{ name: 'berlin', coveredBy: [] }] })] };
    expect(story.when(beats, late)).toEqual([]);
    const covered = given(announced('a', { sites: ['berlin'] }), announced('b', { sites: ['munich'] }), fellSilent('a', 'unheard'));
    const domains = [policyOf({ sites: [berlin, { name: 'munich', coveredBy: [] }] })];
    expect(covered.when([heardAgo('b', 1, { facts: { sites: ['munich'] } })], { ...late, domains })).toEqual([withdrawn('a', 'unheard')]);
  });

  it('of two that may go, the one that was silent longer goes and the other stays', () => {
    const story = given(announced('a'), announced('b'), fellSilent('a', 'unheard', START_MS + 1), fellSilent('b', 'unheard', START_MS));
    expect(story.when([], { nowMs: START_MS + 90_000 * SECOND })).toEqual([withdrawn('b', 'unheard')]);
  });

  it('comes back with a beat after it was withdrawn for silence', () => {
    expect(given(announced('a'), withdrawn('a', 'unheard')).when([heardAgo('a', 1)])).toEqual([announced('a')]);
    expect(dnsAfter([announced('a'), withdrawn('a', 'stopped'), announced('a')]).endpoints.get(idOf('a'))?.standing.status).toBe('heard');
  });
});

describe('an endpoint that an administrator withdrew', () => {
  it('is changed by beats in nothing but its facts', () => {
    const story = given(announced('a'), withdrawn('a', 'command'));
    expect(story.when([heardAgo('a', 1)])).toEqual([]);
    expect(story.when([heardAgo('a', 1, { facts: { weight: 3 } })])).toEqual([announced('a', { weight: 3 })]);
    expect(story.when([])).toEqual([]);
    expect(dnsAfter([announced('a'), withdrawn('a', 'command'), announced('a', { weight: 3 })]).endpoints.get(idOf('a'))).toMatchObject({ facts: { weight: 3 }, standing: { status: 'withdrawn', cause: 'command' } });
  });

  it('is heard once it is readmitted, and silent when it is not', () => {
    const events: readonly DomainEvent[] = [announced('a'), withdrawn('a', 'command'), { type: 'EndpointReadmitted', data: { endpoint: idOf('a') } }];
    expect(dnsAfter(events).endpoints.get(idOf('a'))?.standing.status).toBe('heard');
    expect(given(...events).when([])).toEqual([fellSilent('a', 'unheard', START_MS - 1_000_000)]);
  });
});

it('records nothing about endpoints while the host serves nobody', () => {
  expect(given(announced('b')).when([heardAgo('a', 1)], { serving: false })).toEqual([]);
});

it.each([{ stopping: false }, { stopping: true }])('is recorded a few times an hour, not each second, by two registrars of which one went deaf: %j', ({ stopping }) => {
  const state = dnsAfter([announced('a')]);
  const deaf = new Map([heardAgo('a', 1, { now: 0, stopping })]);
  let events = 0;
  for (let second = 1; second <= 3600; second += 1) {
    for (const heard of [deaf, new Map([heardAgo('a', 1, { now: second * SECOND })])]) {
      const nowMs = START_MS + second * SECOND;
      const found = decideStandings({ state, heard, startedMs: -60_000, monotonicMs: second * SECOND, nowMs, timing, domains: [policyOf()], serving: true });
      for (const event of found) applyDnsEvent(state, { event, position: 1, recordedAtMs: nowMs });
      events += found.length;
    }
  }
  expect(events).toBeGreaterThan(0);
  expect(events).toBeLessThan(40);
});
