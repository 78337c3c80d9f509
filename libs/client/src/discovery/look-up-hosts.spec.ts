import { formatEndpointText } from '@muster/contracts';
import { seededDraws } from '@muster/testing';
import { ADDRESSES_MAX, HOSTS_MAX } from '../core/discovery/discovery-state.js';
import type { SrvRecord } from '../core/discovery/srv-order.js';
import type { DiscoveryStep } from './discovery-steps.js';
import type { DnsLookups, Lookup } from './dns-lookups.js';
import type { LookedUp, LookUpOptions } from './look-up-hosts.js';
import { lookUpHosts } from './look-up-hosts.js';

const SITE = '_muster._tcp.berlin._sites.corp.example';
const GENERAL = '_muster._tcp.corp.example';
const OTHER = '_muster._tcp.lab.example';

const failed: Lookup<never> = { type: 'failed', detail: 'no answer in time' };
const none: Lookup<never> = { type: 'none' };
const found = <T>(...values: readonly T[]): Lookup<T> => ({ type: 'found', values });
const srv = (target: string, priority = 0, port = 443): SrvRecord => ({ target, port, priority, weight: 10 });
const OFF: SrvRecord = { target: '', port: 0, priority: 0, weight: 0 };

interface Zone {
  readonly srv: Readonly<Record<string, Lookup<SrvRecord>>>;
  readonly txt?: Readonly<Record<string, Lookup<readonly string[]>>>;
  readonly addresses?: Readonly<Record<string, Lookup<string>>>;
}

/** DNS as the test says it is; every target stands somewhere unless it says otherwise. */
const dns = (zone: Zone): DnsLookups => ({
  srv: (name) => Promise.resolve(zone.srv[name] ?? none),
  txt: (name) => Promise.resolve(zone.txt?.[name] ?? none),
  addresses: (target) => Promise.resolve(zone.addresses?.[target] ?? found('192.0.2.1')),
  end: () => undefined,
});

describe('looking hosts up', () => {
  let steps: DiscoveryStep[];
  const look = (zone: Zone, { remembered = null, names = [SITE, GENERAL, OTHER], ...looking }: Partial<Pick<LookUpOptions, 'remembered' | 'names' | 'leftAlone'>> = {}): Promise<LookedUp> => {
    steps = [];
    return lookUpHosts(dns(zone), { ...looking, names, allowHttp: false, remembered, draws: seededDraws('look up'), trace: (step) => void steps.push(step) });
  };
  const hostsOf = (looked: LookedUp): readonly string[] => (looked.type === 'listed' ? looked.hosts.map(({ host }) => host) : [looked.type]);

  it('puts the site first, priorities in their order, and each host once', async () => {
    const looked = await look({ srv: { [SITE]: found(srv('near', 9)), [GENERAL]: found(srv('third', 2), srv('near'), srv('second', 1)), [OTHER]: found(srv('last'), srv('near', 0, 444)) } });
    expect(hostsOf(looked).slice(0, 3)).toEqual(['https://near', 'https://second', 'https://third']);
    expect(hostsOf(looked).slice(3).sort()).toEqual(['https://last', 'https://near:444']);
  });

  it('keeps the remembered host, first, among as many as are asked', async () => {
    const many = Array.from({ length: 150 }, (_one, index) => srv(`h${index}`));
    const looked = await look({ srv: { [GENERAL]: found(...many, srv('kept', 100)) } }, { remembered: 'https://kept' });
    expect([hostsOf(looked).length, hostsOf(looked)[0]]).toEqual([HOSTS_MAX, 'https://kept']);
    expect(hostsOf(await look({ srv: { [GENERAL]: found(srv('a')) } }, { remembered: 'https://kept' }))).toEqual(['https://a']);
  });

  it.each([
    ['the site is off', { [SITE]: found(OFF), [GENERAL]: found(srv('a')) }, { type: 'nobody', switchedOff: true, detail: `the service is switched off by ${SITE}` }],
    ['a domain is off, and the next one is not asked for', { [GENERAL]: found(OFF), [OTHER]: found(srv('a')) }, { type: 'nobody', switchedOff: true }],
    ['nobody is listed', {}, { type: 'nobody', switchedOff: false, detail: `DNS names no host at ${SITE}, ${GENERAL}, ${OTHER}` }],
    ['no server answers', { [SITE]: failed, [GENERAL]: failed, [OTHER]: failed }, { type: 'silent' }],
    ['who might be listed did not answer', { [GENERAL]: failed }, { type: 'silent', detail: `DNS does not answer (${GENERAL}: no answer in time)` }],
  ] as const)('says when %s', async (_what, answers: Zone['srv'], expected) => expect(await look({ srv: answers })).toMatchObject(expected));

  it('goes on with the others when one name does not answer, and with who is listed before a domain that is off', async () => {
    expect(hostsOf(await look({ srv: { [SITE]: failed, [GENERAL]: found(srv('a')) } }))).toEqual(['https://a']);
    expect(hostsOf(await look({ srv: { [SITE]: found(srv('a')), [GENERAL]: found(OFF), [OTHER]: found(srv('b')) } }))).toEqual(['https://a']);
  });

  it('finds the host behind any number of others that may not be asked, or are left alone', async () => {
    const rogue = (kind: string) => Array.from({ length: HOSTS_MAX }, (_one, index) => srv(`${kind}${index}`));
    const nowhere = Object.fromEntries(rogue('nowhere').map(({ target }) => [target, none]));
    const zone: Zone = { srv: { [GENERAL]: found(...rogue('nowhere').slice(1), ...rogue('rogue'), srv('good', 100)) }, addresses: nowhere };
    const hosts = hostsOf(await look(zone, { leftAlone: ({ target }) => target.startsWith('rogue') }));
    expect([hosts.length, hosts[0]]).toEqual([HOSTS_MAX, 'https://good']);
  });

  it('takes no more addresses of a host than are kept', async () => {
    const looked = await look({ srv: { [GENERAL]: found(srv('many')) }, addresses: { many: found(...Array.from({ length: 200 }, (_one, index) => `192.0.2.${index}`)) } });
    expect(looked).toMatchObject({ type: 'listed' });
    expect(looked.type === 'listed' && looked.hosts[0]?.addresses.length).toBe(ADDRESSES_MAX);
  });

  it('leaves out whom it cannot or may not ask, and says why', async () => {
    const text = formatEndpointText({ target: 'plain', port: 443, scheme: 'http' });
    const looked = await look({ srv: { [GENERAL]: found(srv('plain'), srv('nowhere'), srv('good')) }, txt: { [GENERAL]: found(text) }, addresses: { nowhere: none } });
    expect(hostsOf(looked)).toEqual(['https://good']);
    expect(steps.flatMap((step) => (step.type === 'left-out' ? [step.host] : [])).sort()).toEqual(['http://plain:443', 'https://nowhere']);
    // Whether a port speaks TLS is not known when the texts did not come: then it has to.
    expect(hostsOf(await look({ srv: { [GENERAL]: found(srv('plain')) }, txt: { [GENERAL]: failed } }))).toEqual(['https://plain']);
  });
});
