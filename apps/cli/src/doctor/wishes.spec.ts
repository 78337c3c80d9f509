import type { MachineSettings } from '@muster/client';
import { serversIn } from './gather/resolvers.js';
import { OutOfTime, startBudget } from './gather/time-budget.js';
import { administrationOf, type DoctorOptions, type Wishes, wishesOf } from './wishes.js';

const RESOLV_CONF = '# made by hand\nnameserver 192.0.2.53 # the first\nnameserver not-an-address\nsearch example corp.example\nnameserver 2001:db8::53\n';

interface Here {
  readonly settings?: Partial<MachineSettings>;
  readonly env?: Readonly<Record<string, string>>;
  readonly hostname?: string;
}
const wished = (options: DoctorOptions, { settings = {}, env = {}, hostname = 'pc-1.berlin.example' }: Here = {}): Wishes =>
  wishesOf(options, { directory: { settings: () => ({ hosts: [], virtual: false, ...settings }) }, env, hostname, resolvConf: RESOLV_CONF });
const set = { settings: { dns: { domains: ['set.example'], site: 'munich', resolvers: ['192.0.2.1:5353'], allowHttp: true } } };

describe('where doctor looks', () => {
  it('is what the command line says, before all else', () => {
    const wishes = wished({ domain: ['Corp.Example.'], site: ['berlin'], resolver: ['[2001:db8::1]:5353'], host: 'a.example,https://b.example' }, set);
    expect(wishes).toEqual({
      servers: [{ address: '2001:db8::1', port: 5353 }],
      ...{ domains: ['corp.example'], chosen: true, guessed: false, sites: ['berlin'], label: null, hosts: ['http://a.example:6878', 'https://b.example'], allowHttp: true },
    });
  });

  it('is what was set on the machine, else the environment, else what the machine is called', () => {
    expect(wished({}, set)).toMatchObject({ servers: [{ address: '192.0.2.1', port: 5353 }], domains: ['set.example'], chosen: false, guessed: false, sites: ['munich'] });
    expect(wished({}, { env: { MUSTER_DOMAIN: 'a.example, b.example', MUSTER_HOST: 'h.example:80' } })).toMatchObject({ domains: ['a.example', 'b.example'], guessed: false, hosts: ['http://h.example:80'] });
    expect(wished({})).toMatchObject({ domains: ['berlin.example'], guessed: true, sites: [], hosts: [] });
    expect(wished({}, { hostname: 'pc-1' })).toMatchObject({ domains: ['corp.example'], guessed: true });
  });

  it('is as the machine itself would look: by the environment where nothing was set', () => {
    const env = { MUSTER_DNS_RESOLVERS: '192.0.2.7, 192.0.2.8:5353', MUSTER_SITE: 'berlin', MUSTER_DNS_LABEL: '_other._tcp' };
    const servers = [
      { address: '192.0.2.7', port: 53 },
      { address: '192.0.2.8', port: 5353 },
    ];
    expect(wished({}, { env })).toMatchObject({ servers, sites: ['berlin'], label: '_other._tcp' });
    expect(wished({}, { env, settings: { dns: { ...set.settings.dns, label: '_third._tcp' } } })).toMatchObject({ servers: [{ address: '192.0.2.1', port: 5353 }], sites: ['munich'], label: '_third._tcp' });
  });

  it.each([
    [{ domain: ['corp_1.example'] }, 'is not the name of a domain'],
    [{ site: ['a.b'] }, 'is not the name of a site'],
    [{ resolver: ['dns.example'] }, 'is not the address of a DNS server'],
    [{ host: 'ftp://a' }, 'is not the address of a host'],
  ])('is not %j', (options, message) => expect(() => wished(options)).toThrow(message));

  it('asks the servers of resolv.conf that it can read, three at most', () => {
    expect(serversIn(RESOLV_CONF)).toEqual([
      { address: '192.0.2.53', port: 53 },
      { address: '2001:db8::53', port: 53 },
    ]);
    expect(serversIn(Array.from({ length: 5 }, (_, index) => `nameserver 192.0.2.${index + 1}\n`).join(''))).toHaveLength(3);
    expect(serversIn('')).toEqual([]);
  });
});

describe('the host that is asked as an administrator', () => {
  const data = '/nowhere/.muster';

  it('is the first that was named with the token, and no other', () => {
    expect(administrationOf({ data, token: 'secret', host: 'https://a.example,https://b.example' }, { MUSTER_HOST: 'https://c.example' })).toMatchObject({ access: { url: 'https://a.example', token: 'secret' } });
    expect(administrationOf({ data, token: 'secret' }, { MUSTER_HOST: 'https://c.example' })).toMatchObject({ access: { url: 'https://c.example' } });
  });

  it('is nobody where the token would be readable on its way', () => {
    expect(administrationOf({ data, token: 'secret', host: 'a.example' }, {})).toEqual({ reason: expect.stringContaining('is not sent to http://a.example:6878') as string });
  });
});

describe('the time of a run', () => {
  it('is granted whole or not at all', () => {
    let nowMs = 0;
    const budget = startBudget(5_000, () => nowMs);
    expect(budget.grant(5_000)).toBe(5_000);
    nowMs = 3_000;
    expect(budget.grant(2_000)).toBe(2_000);
    nowMs = 3_001;
    expect(() => budget.grant(2_000)).toThrow(OutOfTime);
  });
});
