import fc from 'fast-check';
import { DAY_MS, dnsAfter, factsOf, idOf, policyOf, START_MS, timing } from './dns.fixture.js';
import { emptyDns } from './dns.state.js';
import { applyDnsEvent } from './endpoints.fold.js';
import type { Hearing } from './standings.decide.js';
import { decideStandings } from './standings.decide.js';
import { wantedIn } from './wanted.js';

const HOSTS = ['a', 'b', 'c', 'd'];
const site = fc.constantFrom('berlin', 'munich');
const facts = fc.record({ sites: fc.uniqueArray(site), domains: fc.constantFrom<string[] | null>(null, ['corp.example'], ['other.example']), priority: fc.constantFrom(0, 1) });
const policies = fc.record({ coveredBy: fc.uniqueArray(site), recordsMax: fc.constantFrom(1, 2, 100) }).map(({ coveredBy, recordsMax }) => [
  policyOf({ recordsMax, sites: ['berlin', 'munich'].map((name) => ({ name, coveredBy: coveredBy.filter((other) => other !== name) })) }),
  policyOf({ recordsMax, domain: 'other.example' }),
]);
const step = fc.record({
  afterMs: fc.constantFrom(1000, 31_000, 601_000, DAY_MS + 1000),
  beats: fc.array(fc.record({ host: fc.constantFrom(...HOSTS), stopping: fc.boolean() }), { maxLength: 4 }),
  withdraws: fc.option(fc.constantFrom(...HOSTS), { freq: 8 }),
  restarts: fc.boolean(),
});

const listedNames = (state: ReturnType<typeof emptyDns>, domains: readonly ReturnType<typeof policyOf>[]): readonly string[] =>
  domains.flatMap((policy) => [...wantedIn({ state, policy, serving: true }).byEndpoint.values()].flatMap((records) => records.map(({ name }) => name)));

it('silence never takes the last endpoint of a name', () => {
  let withdrawals = 0;
  fc.assert(
    fc.property(fc.tuple(facts, facts, facts, facts), policies, fc.array(step, { minLength: 3, maxLength: 25 }), (factsOfAll, domains, steps) => {
      const state = emptyDns();
      const heard = new Map<string, Hearing>();
      let [nowMs, startedMs] = [START_MS, START_MS];
      for (const { afterMs, beats, withdraws, restarts } of steps) {
        nowMs += afterMs;
        if (restarts) [startedMs] = [nowMs - 5000, heard.clear()];
        for (const { host, stopping } of beats) {
          heard.set(idOf(host), { lastHeardMs: nowMs, facts: factsOf(host, factsOfAll[HOSTS.indexOf(host)]!), instances: new Map([['i', { heardMs: nowMs, stopping }]]) });
        }
        if (withdraws !== null) dnsAfter([{ type: 'EndpointWithdrawn', data: { endpoint: idOf(withdraws), cause: 'command' } }], state);
        const before = new Set(listedNames(state, domains));
        const context = { state, heard, startedMs, monotonicMs: nowMs, nowMs, timing, domains, serving: true };
        const events = decideStandings(context);
        for (const event of events) applyDnsEvent(state, { event, position: 1, recordedAtMs: nowMs });
        withdrawals += events.filter(({ type }) => type === 'EndpointWithdrawn').length;
        const after = new Set(listedNames(state, domains));
        expect([...before].filter((name) => !after.has(name))).toEqual([]);
        // What was decided is decided: two registrars, one after the other, record it once.
        expect(decideStandings(context)).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
  expect(withdrawals).toBeGreaterThan(20);
});
