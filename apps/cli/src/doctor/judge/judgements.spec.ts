import { type FindingId, findingCatalogue, findingIds, type Severity } from '../finding-catalogue.js';
import type { Judgement } from '../report.js';
import { aCertificate, aConflict, aDomain, aHost, aMachine, aName, aRegistrar, aServer, aTarget, DAY_MS, differing, failing, manyRecords, NOW_MS, published, withTtl } from './facts.fixture.js';
import { judgeDomain } from './judge-domain.js';
import { judgeHosts } from './judge-hosts.js';
import { judgeMachine } from './judge-machine.js';
import { judgeRegistrar } from './judge-registrar.js';
import { judgeResolvers } from './judge-resolvers.js';
import { judgeServices } from './judge-services.js';
import { judgeTargets, publishedEndpoints } from './judge-targets.js';

type Case = readonly [FindingId, Severity, string, () => Judgement];

const site = { name: '_muster._tcp.berlin._sites.corp.test', site: 'berlin' };
const none = { outcome: 'missing', records: [], schemes: null } as const;
const host = (overrides: Parameters<typeof aHost>[0]): Judgement => judgeHosts([aHost(overrides)], { nowMs: NOW_MS });
const certificate = (overrides: Parameters<typeof aCertificate>[0]): Judgement => host({ certificate: aCertificate(overrides) });
const clockOff = (offsetMs: number): Judgement => host({ proof: { kind: 'proved', host: 'h', offsetMs } });
const resolver = (server: string, answers: boolean): Parameters<typeof judgeResolvers>[0][number] => ({ server, answers, detail: answers ? '' : 'no answer in time' });

const dnsCases: readonly Case[] = [
  ['dns-no-resolver', 'error', 'none of two answers', () => judgeResolvers([resolver('192.0.2.53:53', false), resolver('192.0.2.54:53', false)])],
  ['dns-no-resolver', 'error', 'none is known', () => judgeResolvers([])],
  ['dns-resolver-silent', 'warning', 'one of two does not answer', () => judgeResolvers([resolver('192.0.2.53:53', false), resolver('192.0.2.54:53', true)])],
  ['dns-lookup-failed', 'error', 'SERVFAIL', () => judgeDomain(aDomain({ outcome: 'failed', detail: 'SERVFAIL', records: [], schemes: null }))],
  ['dns-lookup-failed', 'error', 'for the texts alone', () => judgeDomain(aDomain({ schemes: null, detail: 'SERVFAIL' }))],
  ['dns-lookup-failed', 'error', 'for a target', () => judgeTargets([aTarget({ outcome: 'failed', detail: 'SERVFAIL', addresses: [] })], published())],
  ['dns-service-missing', 'error', 'no record', () => judgeDomain(aDomain(none))],
  ['dns-service-missing', 'info', 'no record in a domain that nobody named', () => judgeDomain(aDomain(none, { guessed: true }))],
  ['dns-site-missing', 'warning', 'no record of a site', () => judgeDomain(aDomain({ ...none, ...site }))],
  ['dns-service-off', 'warning', 'a single dot', () => judgeDomain(aDomain({ records: [{ priority: 0, weight: 0, port: 0, target: '.', ttlSeconds: 300 }], schemes: new Map() }))],
  ['dns-target-alias', 'error', 'a CNAME', () => judgeTargets([aTarget({ alias: 'real.corp.test' })], published())],
  ['dns-target-without-address', 'error', 'no address', () => judgeTargets([aTarget({ outcome: 'none', addresses: [] })], published())],
  ['dns-scheme-missing', 'warning', 'no text', () => judgeDomain(aDomain({ schemes: new Map() }))],
  ['dns-scheme-missing', 'warning', 'the text of another port', () => judgeDomain(aDomain({ schemes: new Map([['host-1.corp.test:6878', 'https']]) }))],
  ['dns-http-off-loopback', 'error', 'one address of two is not loopback', () => judgeTargets([aTarget({ addresses: ['127.0.0.1', '192.0.2.1'] })], published({ scheme: 'http' }))],
  ['dns-http-off-loopback', 'warning', 'this machine allows it', () => judgeTargets([aTarget()], published({ scheme: 'http' }, true))],
  ['dns-ttl', 'warning', 'two days', () => judgeDomain(aDomain(withTtl(172_800)))],
  ['dns-ttl', 'warning', 'five seconds', () => judgeDomain(aDomain(withTtl(5)))],
  ['dns-negative-ttl', 'info', 'a minute', () => judgeDomain(aDomain({}, { negativeTtlSeconds: 60 }))],
  ['dns-negative-ttl', 'warning', 'a day', () => judgeDomain(aDomain({}, { negativeTtlSeconds: 86_400 }))],
  ['dns-many-records', 'warning', '80', () => judgeDomain(aDomain(manyRecords(80)))],
  ['dns-many-records', 'error', '100', () => judgeDomain(aDomain(manyRecords(100)))],
];

const hostCases: readonly Case[] = [
  ['host-none', 'error', 'nobody names one', () => judgeHosts([], { nowMs: NOW_MS })],
  ['host-unreachable', 'error', 'refused', () => host({ connection: { outcome: 'unreachable', detail: 'ECONNREFUSED' } })],
  ['host-tls-failed', 'error', 'no TLS', () => host({ connection: { outcome: 'tls-failed', detail: 'EPROTO' } })],
  ['host-certificate-untrusted', 'error', 'self-signed', () => certificate({ untrusted: 'DEPTH_ZERO_SELF_SIGNED_CERT' })],
  ['host-certificate-name', 'error', 'another name', () => certificate({ names: 'DNS:other.test', namesHost: false })],
  ['host-certificate-expired', 'error', 'ended', () => certificate({ validToMs: NOW_MS })],
  ['host-certificate-expired', 'error', 'not yet', () => certificate({ validFromMs: NOW_MS + 1 })],
  ['host-certificate-expires', 'warning', 'in 13 days', () => certificate({ validToMs: NOW_MS + 13 * DAY_MS })],
  ['host-not-proved', 'error', '404', () => host({ proof: { kind: 'not-proved', detail: 'it answered 404' } })],
  ['host-rogue', 'error', 'another vendor', () => host({ proof: { kind: 'rogue', detail: 'unknown-key' } })],
  ['host-revoked', 'error', 'on the list', () => host({ proof: { kind: 'revoked', detail: 'on the list' } })],
  ['host-not-active', 'error', 'retired', () => host({ proof: { kind: 'not-active', detail: 'retired' } })],
  ['host-activation-ended', 'error', 'past its end', () => host({ proof: { kind: 'ended', host: 'h', offsetMs: 0, detail: 'past its end' } })],
  ['host-not-ready', 'error', 'the bus is down', () => host({ readiness: { ready: false, remarks: ['nats: away'], down: ['nats: away'] } })],
  ['host-remark', 'warning', 'few partitions', () => host({ readiness: { ready: true, remarks: ['store: one spare'], down: [] } })],
  ['host-clock', 'warning', 'a minute ahead', () => clockOff(60_000)],
  ['host-clock', 'error', 'an hour behind', () => clockOff(-3_600_000)],
];

const registrarCases: readonly Case[] = [
  ['registrar-away', 'warning', 'no answer', () => judgeRegistrar({ description: null, detail: 'The registrar is away.', plan: null })],
  ['registrar-not-serving', 'warning', 'not activated', () => judgeRegistrar(aRegistrar({ serving: false }))],
  ['registrar-manual', 'info', 'no server', () => judgeRegistrar(aRegistrar({ domain: { servers: [] } }))],
  ['registrar-server-failing', 'error', 'refused', () => judgeRegistrar(aRegistrar({ domain: failing('refused') }))],
  ['registrar-clock', 'error', 'BADTIME', () => judgeRegistrar(aRegistrar({ domain: failing('tsig-bad-time') }))],
  ['registrar-clock', 'warning', 'a minute behind', () => judgeRegistrar(aRegistrar({ domain: { servers: [{ ...aServer, clockAheadSeconds: -60 }] } }))],
  ['registrar-unanswered', 'warning', 'nobody answered the plan', () => judgeRegistrar(aRegistrar({ planned: { server: null, failure: { kind: 'timeout', detail: 'none', server: null, at: '2026-11-22T11:00:00.000Z' } } }))],
  ['registrar-conflict', 'error', 'in the plan', () => judgeRegistrar(aRegistrar({ planned: { conflicts: [aConflict] } }))],
  ['registrar-conflict', 'error', 'known from before, without a plan', () => judgeRegistrar(aRegistrar({ domain: { conflicts: [aConflict] }, planned: null }))],
  ['registrar-foreign', 'warning', 'another target', () => judgeRegistrar(aRegistrar({ planned: differing('foreign') }))],
  ['registrar-stale', 'warning', 'left behind', () => judgeRegistrar(aRegistrar({ planned: differing('stale') }))],
  ...(['missing', 'different', 'ttl', 'scheme'] as const).map((kind): Case => ['registrar-differs', 'warning', kind, () => judgeRegistrar(aRegistrar({ planned: differing(kind) }))]),
  ['registrar-refused', 'warning', 'too many deletions', () => judgeRegistrar(aRegistrar({ planned: { refused: 'It would take 3 of 4.' } }))],
  ...(['info', 'warning', 'error'] as const).map((severity): Case => [
    'registrar-finding',
    severity,
    `a finding of its own: ${severity}`,
    () => judgeRegistrar(aRegistrar({ planned: { findings: [{ id: 'site-unknown', severity, detail: 'd', remedy: 'r' }] } })),
  ]),
  ['endpoint-silent', 'warning', 'not heard', () => judgeRegistrar(aRegistrar({ endpoint: { standing: 'silent', cause: 'unheard' } }))],
  ['service-gone', 'error', 'its process ended', () => judgeServices([{ name: 'counting', state: 'gone', remarks: [], down: [] }], [])],
  ['service-not-ready', 'error', 'NATS is away', () => judgeServices([{ name: 'counting', state: 'not-ready', remarks: ['nats: away'], down: ['nats: away'] }], [])],
  ['service-remark', 'warning', 'few partitions', () => judgeServices([{ name: 'counting', state: 'ready', remarks: ['store: one spare'], down: [] }], [])],
  ['service-behind', 'warning', '101 events', () => judgeServices([], [{ service: 'counting', position: 899, head: 1000 }])],
];

const machineCases: readonly Case[] = [
  ['machine-none', 'info', 'nothing kept', () => judgeMachine({ dir: '/d', products: null, quarantined: [] })],
  ['machine-without-lease', 'warning', 'below the threshold', () => judgeMachine(aMachine({ status: 'unlicensed', reason: 'below-threshold', expiresAt: null }))],
  ['machine-lease-ended', 'error', 'ended', () => judgeMachine(aMachine({ status: 'expired', reason: 'lease-ended', remainingSeconds: 0 }))],
  ['machine-lease-ends', 'warning', 'half gone', () => judgeMachine(aMachine({ status: 'grace' }))],
  ['machine-lease-ends', 'warning', 'nearly gone', () => judgeMachine(aMachine({ status: 'notification' }))],
  ['machine-renewals-fail', 'warning', 'three rounds', () => judgeMachine(aMachine({}, { failing: { rounds: 3, since: '2026-11-22T11:00:00.000Z' } }))],
  ['machine-quarantine', 'warning', 'a rogue host', () => judgeMachine({ ...aMachine(), quarantined: [{ host: 'https://rogue.test', untilMs: NOW_MS, why: 'unknown-key' }] })],
  ['machine-clock', 'warning', 'an hour back', () => judgeMachine(aMachine({}, { clockSetBackSeconds: 3600 }))],
];

const cases = [...dnsCases, ...hostCases, ...registrarCases, ...machineCases];

describe('facts are judged', () => {
  it.each(cases)('%s (%s): %s, and nothing besides', (id, severity, _what, judge) => {
    const { findings } = judge();
    expect(findings.map((each) => [each.id, each.severity])).toEqual([[id, severity]]);
    expect(findings.every(({ subject, detail, remedy }) => subject !== '' && remedy !== '' && /[^.]$|[^.]\.$/.test(detail))).toBe(true);
  });

  it('with every finding of the catalogue, in every severity that it can have', () => {
    const known = findingIds.flatMap((id) => findingCatalogue[id].severities.map((severity) => `${id} ${severity}`));
    expect([...new Set(cases.map(([id, severity]) => `${id} ${severity}`))].sort()).toEqual(known.sort());
  });

  it.each([
    ['a resolver', () => judgeResolvers([resolver('192.0.2.53:53', true)])],
    ['a domain', () => judgeDomain(aDomain())],
    ['a short TTL out of a cache, which counts it down', () => judgeDomain(aDomain({ ...withTtl(5), authoritative: false }))],
    ['a TTL of 30 s', () => judgeDomain(aDomain(withTtl(30)))],
    ['a TTL of a day', () => judgeDomain(aDomain(withTtl(86_400)))],
    ['79 records', () => judgeDomain(aDomain(manyRecords(79)))],
    ['a target', () => judgeTargets([aTarget()], published())],
    ['http on loopback', () => judgeTargets([aTarget({ addresses: ['127.0.0.1', '::1', '::ffff:127.0.0.1'] })], published({ scheme: 'http' }))],
    ['a host', () => host({})],
    ['a host over http, whose proof could not be asked for', () => host({ certificate: null, proof: { kind: 'skipped', detail: 'no root' } })],
    ['a clock 30 s off', () => clockOff(30_000)],
    ['a certificate of 14 days', () => certificate({ validToMs: NOW_MS + 14 * DAY_MS })],
    ['a registrar', () => judgeRegistrar(aRegistrar())],
    ['a conflict that the plan does not see any more', () => judgeRegistrar(aRegistrar({ domain: { conflicts: [aConflict] } }))],
    ['a server that failed once and is up', () => judgeRegistrar(aRegistrar({ domain: { servers: failing('timeout').servers.map((server) => ({ ...server, standing: 'up' as const })) } }))],
    ['a withdrawn endpoint', () => judgeRegistrar(aRegistrar({ endpoint: { standing: 'withdrawn', cause: 'command' } }))],
    ['services', () => judgeServices([{ name: 'counting', state: 'ready', remarks: [], down: [] }], [{ service: 'counting', position: 900, head: 1000 }])],
    ['a machine', () => judgeMachine(aMachine())],
  ])('good, of %s: nothing is found, and what was looked at is said', (_what, judge) => {
    const { findings, checks } = judge();
    expect(findings).toEqual([]);
    expect(checks.length).toBeGreaterThan(0);
  });

  it('once for an endpoint that stands at several names, by the scheme that is said of it', () => {
    const one = aName();
    const other = aName({ ...site, schemes: new Map([['host-1.corp.test:443', 'https']]) });
    expect(publishedEndpoints([{ ...aDomain(), names: [one, other] }])).toEqual([{ target: 'host-1.corp.test', port: 443, scheme: 'https' }]);
    expect(publishedEndpoints([aDomain({ schemes: new Map() })])).toEqual([{ target: 'host-1.corp.test', port: 443, scheme: 'https' }]);
  });
});
