import fc from 'fast-check';
import type { DomainEvent } from '@muster/contracts';
import { announced, BERLIN, claim, claimAt, DAY_MS, dnsAfter, fellSilent, GENERAL, idOf, liveIn, MUNICH, OURS, planOn, policyOf, srv, START_MS, text, THEIRS, withdrawn } from './dns.fixture.js';
import type { PlainRecord } from './dns.records.js';
import { applyDnsEvent } from './endpoints.fold.js';
import { namesToAsk } from './asked-names.js';
import { recordsOf, unrecordedOf } from './records-to-events.js';
import { simulatedZone } from './simulated-zone.fixture.js';
import { wantedIn } from './wanted.js';

const KNOWN = ['a', 'b', 'c', 'd'];
const ALL = [...KNOWN, 'x', 'y'];
const names = [GENERAL, BERLIN, MUNICH];

const event: fc.Arbitrary<DomainEvent> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...KNOWN), fc.subarray(['berlin', 'munich', 'paris']), fc.constantFrom(1, 10)).map(([host, sites, weight]) => announced(host, { sites, weight })) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...KNOWN), fc.constantFrom('stopped' as const, 'unheard' as const)).map(([host, cause]) => fellSilent(host, cause)) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...KNOWN), fc.constantFrom('stopped' as const, 'command' as const)).map(([host, cause]) => withdrawn(host, cause)) },
  { weight: 1, arbitrary: fc.constantFrom(...KNOWN).map((host): DomainEvent => ({ type: 'EndpointConfigured', data: { endpoint: idOf(host), priority: 3, weight: null, domains: null } })) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...KNOWN), fc.constantFrom(...names)).map(([host, name]) => publishedBefore(host, name)) },
);

const publishedBefore = (host: string, name: string): DomainEvent => ({
  type: 'ServiceRecordPublished',
  data: { endpoint: idOf(host), domain: 'corp.example', name, epoch: 3, server: '192.0.2.1:53', rcode: 'NOERROR', serial: 1, priority: 0, weight: 10, ttlSeconds: 300, scheme: 'https' },
});

/** What stands in the zone before: for each host some records, and whose claim. */
const holders = { nobody: [], ours: [claim()], oursWithdrawn: [claim({ state: 'withdrawn' })], theirs: [claim({ deployment: THEIRS })], theirsWithdrawn: [claim({ deployment: THEIRS, state: 'withdrawn' })], strange: [['v=other']], several: [claim(), ['v=other']] };
const holder = fc.constantFrom(...(Object.keys(holders) as readonly (keyof typeof holders)[]));
const record = (host: string): fc.Arbitrary<PlainRecord> =>
  fc.tuple(fc.constantFrom(...names), fc.constantFrom(10, 10, 1, 77), fc.constantFrom(300, 60), fc.constantFrom('https', 'https', 'http'), fc.boolean()).map(([name, weight, ttlSeconds, scheme, isText]) =>
    isText ? text(host, { name, ttlSeconds, scheme }) : srv(host, { name, ttlSeconds, weight }),
  );
const standing = fc.tuple(...ALL.map((host) => fc.record({ host: fc.constant(host), by: holder, records: fc.array(record(host), { maxLength: 4 }), asWanted: fc.boolean() })));
const world = fc.record({
  events: fc.array(event, { minLength: 2, maxLength: 15 }),
  standing,
  coveredBy: fc.subarray(['munich']),
  recordsMax: fc.constantFrom(2, 3, 100),
  known: fc.subarray(['berlin', 'munich'], { minLength: 1 }),
  serving: fc.constantFrom(true, true, true, false),
  ageMs: fc.constantFrom(0, DAY_MS, 20 * DAY_MS),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const STRANGERS: readonly PlainRecord[] = [
  { name: GENERAL, ttlSeconds: 300, data: { type: 'TXT', strings: ['v=spf1 -all'] } },
  { name: GENERAL, ttlSeconds: 300, data: { type: 'SRV', priority: 0, weight: 0, port: 0, target: '.' } },
];

const open = ({ events, standing: stands, coveredBy, recordsMax, known, serving, ageMs }: World) => {
  const zone = simulatedZone();
  const state = dnsAfter(events);
  const policy = policyOf({ recordsMax, recordsWarn: 2, deleteShareMax: 1, sites: known.map((name) => ({ name, coveredBy: name === 'berlin' ? coveredBy : [] })) });
  const wanted = () => wantedIn({ state, policy, serving });
  for (const one of STRANGERS) zone.put(one);
  for (const { host, by, records, asWanted } of stands) {
    // Now and then somebody entered just what is to stand there.
    for (const one of asWanted ? (wanted().byEndpoint.get(idOf(host)) ?? records) : records) zone.put(one);
    for (const strings of holders[by]) zone.putClaim(claimAt(host), strings);
  }
  const plan = () => planOn(zone, { state, policy, serving, nowMs: START_MS + ageMs });
  return { zone, state, policy, plan, wanted };
};

const dataOf = (records: readonly PlainRecord[], host: string): readonly string[] =>
  records
    .filter(({ data }) => (data.type === 'SRV' ? data.target === `${host}.corp.example` : data.strings.join('').includes(`target=${host}.`)))
    .map(({ name, data }) => JSON.stringify([name, data]))
    .sort();

it('the writes of a plan leave nothing to write, and nothing to record', () => {
  let made = 0;
  fc.assert(
    fc.property(world, (given) => {
      const { zone, state, policy, plan, wanted } = open(given);
      const asked = { policy, server: '192.0.2.1:53', serial: null };
      for (const write of plan().writes) {
        expect(zone.apply(write)).toBe('NOERROR');
        made += 1;
        for (const recorded of recordsOf({ write, live: liveIn(zone, { state, policy }), state, rcode: 'NOERROR', ...asked })) applyDnsEvent(state, { event: recorded, position: 1, recordedAtMs: START_MS });
      }
      for (const recorded of plan().newConflicts) applyDnsEvent(state, { event: recorded, position: 1, recordedAtMs: START_MS });
      const next = plan();
      expect(next.writes).toEqual([]);
      expect(next.newConflicts).toEqual([]);
      const unrecorded = () => unrecordedOf({ plan: plan(), wanted: wanted(), live: liveIn(zone, { state, policy }), state, deployment: OURS, ...asked });
      for (const recorded of unrecorded()) applyDnsEvent(state, { event: recorded, position: 1, recordedAtMs: START_MS });
      expect(unrecorded()).toEqual([]);
      // Where nobody is in the way and there is room, DNS shows what is wanted.
      const kinds = new Set(next.differences.map(({ kind }) => kind));
      if (next.conflicts.length === 0 && policy.recordsMax === 100) expect(['missing', 'different', 'scheme'].filter((kind) => kinds.has(kind as never))).toEqual([]);
    }),
    { numRuns: 250 },
  );
  expect(made).toBeGreaterThan(100);
});

it('no record of others is added or taken away, whatever a plan and a scavenging write', () => {
  fc.assert(
    fc.property(world, (given) => {
      const { zone, plan, policy, state } = open(given);
      const asked = namesToAsk({ state, policy });
      const at = (host: string) => dataOf(zone.recordsAt(asked), host);
      const elsewhere = () => JSON.stringify(zone.records().filter(({ name }) => !asked.includes(name)));
      const before = new Map(ALL.map((host) => [host, at(host)]));
      const elsewhereBefore = elsewhere();
      const sizes = () => names.flatMap((name) => ['SRV', 'TXT'].map((type) => zone.recordsAt([name]).filter(({ data }) => data.type === type).length));
      const sizesBefore = names.flatMap((_, index) => [0, 1].map(() => Math.max(sizes()[2 * index]!, sizes()[2 * index + 1]!)));
      const claimsBefore = new Map(ALL.map((host) => [host, zone.claimsAt(claimAt(host))]));
      const { writes, orphans } = plan();
      for (const write of [...writes, ...orphans.map((orphan) => orphan.write)]) zone.apply(write);
      for (const { host, by } of given.standing) {
        const was = before.get(host)!;
        const isFree = was.length === 0 && (by === 'nobody' || by === 'theirsWithdrawn');
        if (by === 'ours' || by === 'oursWithdrawn' || isFree) continue;
        expect([host, at(host)]).toEqual([host, was]);
        if (by !== 'nobody') expect(zone.claimsAt(claimAt(host))).toEqual(claimsBefore.get(host));
      }
      expect(elsewhere()).toBe(elsewhereBefore);
      for (const stranger of STRANGERS) expect(zone.records().some(({ data }) => JSON.stringify(data) === JSON.stringify(stranger.data))).toBe(true);
      // Nor is more than a name holds put there.
      for (const [index, count] of sizes().entries()) expect(count).toBeLessThanOrEqual(Math.max(policy.recordsMax, sizesBefore[index]!));
    }),
    { numRuns: 250 },
  );
});
