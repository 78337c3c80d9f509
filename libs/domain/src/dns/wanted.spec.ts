import type { DomainEvent } from '@muster/contracts';
import { announced, BERLIN, dnsAfter, fellSilent, GENERAL, idOf, MUNICH, policyOf, srv, text, withdrawn } from './dns.fixture.js';
import { wantedIn } from './wanted.js';

const wanted = (events: readonly DomainEvent[], { serving = true, ...policy }: Partial<Parameters<typeof policyOf>[0]> & { serving?: boolean } = {}) => wantedIn({ state: dnsAfter(events), policy: policyOf(policy), serving });
const recordsOf = (...args: Parameters<typeof wanted>) => [...wanted(...args).byEndpoint.values()].flat();
const namesOf = (host: string, ...args: Parameters<typeof wanted>) => (wanted(...args).byEndpoint.get(idOf(host)) ?? []).filter(({ data }) => data.type === 'SRV').map(({ name }) => name);
const configured = (host: string, more: object): DomainEvent => ({ type: 'EndpointConfigured', data: { endpoint: idOf(host), priority: null, weight: null, domains: null, ...more } });
const sites = [
  { name: 'berlin', coveredBy: ['hamburg', 'munich'] },
  { name: 'munich', coveredBy: [] },
];

describe('what is to stand in a domain', () => {
  it('is an SRV record for each endpoint with its scheme beside it, all with the TTL of the policy', () => {
    expect(recordsOf([announced('a', { scheme: 'http' })], { ttlSeconds: 60 })).toEqual([srv('a', { ttlSeconds: 60 }), text('a', { scheme: 'http', ttlSeconds: 60 })]);
  });

  it('is nothing while the host is not activated, or is retired', () => {
    expect(recordsOf([announced('a')], { serving: false })).toEqual([]);
  });

  it("prefers an administrator's word to what is announced", () => {
    expect(recordsOf([announced('a', { priority: 5 }), configured('a', { weight: 99 })])).toContainEqual(srv('a', { priority: 5, weight: 99 }));
    expect(recordsOf([announced('a', { priority: 5 }), configured('a', { priority: 0 }), announced('a', { priority: 7 })])).toContainEqual(srv('a', { priority: 0 }));
    expect(recordsOf([announced('a'), configured('a', { weight: 99 }), configured('a', {})])).toContainEqual(srv('a'));
  });

  it('puts an endpoint that nobody hears behind the others, and one that stopped where it was', () => {
    expect(recordsOf([announced('a'), fellSilent('a', 'unheard')])).toContainEqual(srv('a', { priority: 100 }));
    expect(recordsOf([announced('a', { priority: 65_500 }), fellSilent('a', 'unheard')])).toContainEqual(srv('a', { priority: 65_535 }));
    expect(recordsOf([announced('a'), fellSilent('a', 'stopped')])).toContainEqual(srv('a'));
  });

  it.each(['stopped', 'unheard', 'command'] as const)('has nothing of an endpoint that was withdrawn: %s', (cause) => {
    expect(recordsOf([announced('a'), withdrawn('a', cause)])).toEqual([]);
  });

  it('has an endpoint in its domains: the configured ones, else the announced ones, else all', () => {
    expect(namesOf('a', [announced('a', { domains: ['other.example'] })])).toEqual([]);
    expect(namesOf('a', [announced('a', { domains: ['corp.example'] })])).toEqual([GENERAL]);
    expect(namesOf('a', [announced('a', { domains: ['other.example'] }), configured('a', { domains: ['corp.example'] })])).toEqual([GENERAL]);
    expect(namesOf('a', [announced('a'), configured('a', { domains: [] })])).toEqual([]);
  });

  it('has an endpoint in each of its sites as well', () => {
    expect(namesOf('a', [announced('a', { sites: ['berlin', 'munich'] })], { sites })).toEqual([GENERAL, BERLIN, MUNICH]);
  });

  it('gives a site without an endpoint those of the first covering site that has any', () => {
    const events = [announced('a', { sites: ['munich'] }), announced('b')];
    expect(namesOf('a', events, { sites })).toEqual([GENERAL, BERLIN, MUNICH]);
    expect(namesOf('b', events, { sites })).toEqual([GENERAL]);
    const withHamburg = [...events, announced('h', { sites: ['hamburg'] })];
    expect(namesOf('a', withHamburg, { sites })).toEqual([GENERAL, MUNICH]);
    expect(namesOf('h', withHamburg, { sites })).toEqual([GENERAL, BERLIN]);
  });

  it('covers no site that has an endpoint of its own, silent or not', () => {
    expect(namesOf('a', [announced('a', { sites: ['munich'] }), announced('b', { sites: ['berlin'] }), fellSilent('b', 'unheard')], { sites })).toEqual([GENERAL, MUNICH]);
    expect(namesOf('a', [announced('a', { sites: ['munich'] }), announced('b', { sites: ['berlin'] }), withdrawn('b', 'unheard')], { sites })).toEqual([GENERAL, BERLIN, MUNICH]);
  });

  it('says which site of an endpoint the domain does not have', () => {
    expect(wanted([announced('a', { sites: ['paris'] })], { sites }).findings).toMatchObject([{ id: 'dns-site-unknown', severity: 'warning', detail: expect.stringContaining('paris') }]);
  });

  it('says that the last one of a name is silent and stays', () => {
    expect(wanted([announced('a'), fellSilent('a', 'unheard')]).findings).toMatchObject([{ id: 'dns-last-endpoint-silent', detail: expect.stringContaining('a.corp.example:443') }]);
    expect(wanted([announced('a'), announced('b'), fellSilent('a', 'unheard')]).findings).toEqual([]);
  });

  it('leaves out those who do not fit: the silent ones first, then by priority, then by name', () => {
    const events = [announced('a'), announced('d'), announced('c'), announced('b', { priority: 3 }), fellSilent('a', 'unheard')];
    const fitting = (recordsMax: number) => [...wanted(events, { recordsMax }).byEndpoint.keys()];
    expect(fitting(4)).toEqual(['c', 'd', 'b', 'a'].map(idOf));
    expect(fitting(3)).toEqual(['c', 'd', 'b'].map(idOf));
    expect(fitting(1)).toEqual([idOf('c')]);
    expect(wanted(events, { recordsMax: 1 }).demand).toEqual(new Map([[GENERAL, 4]]));
  });

  it('counts each name for itself', () => {
    const events = [announced('a'), announced('b', { sites: ['munich'] })];
    expect(namesOf('b', events, { sites, recordsMax: 1 })).toEqual([BERLIN, MUNICH]);
  });
});
