import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '@muster/service';
import { dnsRegistrarConfig } from './dns-registrar.config.js';
import { configuredResolvers, registrarDomains } from './wiring/registrar-domains.js';

const REQUIRED = { MUSTER_HTTP_PORT: '0', MUSTER_SERVICE_DATABASE_URL: 'postgres://muster@localhost/muster' };
const domainsOf = (env: Record<string, string>) => registrarDomains(loadConfig(dnsRegistrarConfig, { ...REQUIRED, ...env }).config);
const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    domainsOf(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

const dir = mkdtempSync(join(tmpdir(), 'muster-dns-config-'));
afterAll(() => rmSync(dir, { recursive: true }));
const fileWith = (content: unknown): string => {
  const file = join(dir, 'dns.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

describe('the configuration of the registrar', () => {
  it('needs nothing: then there is no domain, and nothing to do', () => {
    expect(domainsOf({})).toEqual([]);
  });

  it('reads domains, servers of both families, sites and who covers them', () => {
    const env = {
      MUSTER_DNS_DOMAINS: 'corp.example, lab.example',
      MUSTER_DNS_SERVERS: '192.0.2.1,[2001:db8::1]:5353',
      MUSTER_DNS_KEY_FILE: '/etc/muster/dns.key',
      MUSTER_DNS_SITES: 'berlin, munich=berlin:hamburg, hamburg',
      MUSTER_DNS_TTL_SECONDS: '60',
      MUSTER_DNS_PROTOCOL: 'udp',
    };
    const [corp, lab] = domainsOf(env);
    expect(corp).toEqual({
      policy: {
        ...{ domain: 'corp.example', zone: 'corp.example', label: '_muster._tcp', ttlSeconds: 60, recordsWarn: 80, recordsMax: 100, deleteShareMax: 0.5 },
        sites: [
          { name: 'berlin', coveredBy: [] },
          { name: 'munich', coveredBy: ['berlin', 'hamburg'] },
          { name: 'hamburg', coveredBy: [] },
        ],
      },
      servers: [
        { address: '192.0.2.1', port: 53 },
        { address: '2001:db8::1', port: 5353 },
      ],
      keyFile: '/etc/muster/dns.key',
      protocol: 'udp',
    });
    expect(lab?.policy).toEqual({ ...corp?.policy, domain: 'lab.example', zone: 'lab.example' });
  });

  it('lets the file come first for its domains, with key files beside it', () => {
    const file = fileWith({ domains: [{ domain: 'lab.corp.example', zone: 'corp.example', servers: ['192.0.2.9:54'], keyFile: 'lab.key', ttlSeconds: 30, deleteShareMax: 1 }] });
    const [lab, corp, ...more] = domainsOf({ MUSTER_DNS_FILE: file, MUSTER_DNS_DOMAINS: 'corp.example,lab.corp.example', MUSTER_DNS_SERVERS: '192.0.2.1', MUSTER_DNS_KEY_FILE: '/etc/muster/dns.key' });
    expect(more).toEqual([]);
    expect(lab).toMatchObject({ servers: [{ address: '192.0.2.9', port: 54 }], keyFile: join(dir, 'lab.key'), policy: { zone: 'corp.example', ttlSeconds: 30, deleteShareMax: 1 } });
    expect(corp).toMatchObject({ servers: [{ address: '192.0.2.1', port: 53 }], keyFile: '/etc/muster/dns.key', policy: { zone: 'corp.example', ttlSeconds: 300 } });
  });

  it.each([
    ['a domain that is none', { MUSTER_DNS_DOMAINS: 'Corp.Example.' }, /^MUSTER_DNS_DOMAINS: "Corp.Example." is not /],
    ['a server by its name', { MUSTER_DNS_DOMAINS: 'corp.example', MUSTER_DNS_SERVERS: 'ns1.corp.example', MUSTER_DNS_KEY_FILE: '/etc/muster/dns.key' }, /^MUSTER_DNS_SERVERS: "ns1.corp.example" is not an address/],
    ['a site that nobody knows', { MUSTER_DNS_SITES: 'munich=berlin' }, /^MUSTER_DNS_SITES: berlin cannot cover a site/],
    ['a site with two lists of covers', { MUSTER_DNS_SITES: 'berlin,munich=berlin=berlin' }, /^MUSTER_DNS_SITES: "berlin=berlin" is not a site/],
    ['servers without a key', { MUSTER_DNS_DOMAINS: 'corp.example', MUSTER_DNS_SERVERS: '192.0.2.1' }, /^MUSTER_DNS_KEY_FILE is not set: the servers of corp.example are told nothing unsigned$/],
    ['a domain twice', { MUSTER_DNS_DOMAINS: 'corp.example,corp.example' }, /^the domain corp.example is configured twice/],
    ['a file that is not there', { MUSTER_DNS_FILE: '/nowhere/dns.json' }, /^MUSTER_DNS_FILE: \/nowhere\/dns.json cannot be read \(ENOENT\)/],
  ])('refuses %s', (_, env, fault) => {
    expect(faultsOf(env as Record<string, string>)).toEqual([expect.stringMatching(fault)]);
  });

  it('names the member of the file that is wrong', () => {
    expect(faultsOf({ MUSTER_DNS_FILE: fileWith({ domains: [{ domain: 'corp.example', ttl: 30 }] }) })).toEqual([expect.stringContaining('dns.json, domains.0: ')]);
    expect(faultsOf({ MUSTER_DNS_FILE: fileWith({ domains: [{ domain: 'corp.example', zone: 'example.net' }] }) })).toEqual([expect.stringContaining('does not lie in the zone example.net')]);
    expect(faultsOf({ MUSTER_DNS_FILE: fileWith({ domains: [{ domain: 'corp.example', servers: ['192.0.2.1'] }] }) })).toEqual([expect.stringMatching(/^MUSTER_DNS_KEY_FILE is not set, and keyFile not in .*dns.json: the servers of corp.example/)]);
    expect(faultsOf({ MUSTER_DNS_FILE: fileWith('{') })).toEqual([expect.stringContaining('is not JSON')]);
  });

  it('refuses a resolver by its name', () => {
    const { config } = loadConfig(dnsRegistrarConfig, { ...REQUIRED, MUSTER_DNS_RESOLVERS: 'resolver' });
    expect(() => configuredResolvers(config)).toThrow('MUSTER_DNS_RESOLVERS');
  });
});
