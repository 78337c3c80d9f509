import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DnsDescription, formatEndpointText } from '@muster/contracts';
import { freePort, namedHere, type PrivateNamed, startNamed } from '@muster/devstack';
import type { ServerAddress } from '@muster/dns-wire';
import { examineDns, type ExaminedDns } from '../examine-dns.js';
import type { Wishes } from '../wishes.js';
import { askDns } from './ask-dns.js';
import { startBudget } from './time-budget.js';

const programs = namedHere('what doctor finds in DNS');

const NAME = '_muster._tcp';
const text = (target: string, port: number, scheme: 'http' | 'https'): string => `TXT "${formatEndpointText({ target, port, scheme }).join('')}"`;
const MANY = Array.from({ length: 80 }, (_, index) => `host-${index}`);

/** Each zone holds one fault; every name of a zone file without a dot at its end lies in the zone. */
const zones = [
  { name: 'good.test', records: [`${NAME} SRV 0 10 443 host`, `${NAME} ${text('host.good.test', 443, 'https')}`, 'host A 192.0.2.1', 'host AAAA 2001:db8::1'] },
  { name: 'empty.test', records: [] },
  { name: 'off.test', records: [`${NAME} SRV 0 0 0 .`] },
  { name: 'alias.test', records: [`${NAME} SRV 0 10 443 host`, `${NAME} ${text('host.alias.test', 443, 'https')}`, 'host CNAME real', 'real A 192.0.2.1'] },
  { name: 'nowhere.test', records: [`${NAME} SRV 0 10 443 host`, `${NAME} ${text('host.nowhere.test', 443, 'https')}`, 'host TXT "no address"'] },
  { name: 'bare.test', records: [`${NAME} SRV 0 10 443 host`, `${NAME} TXT "v=spf1 -all"`, 'host A 192.0.2.1'] },
  { name: 'http.test', records: [`${NAME} SRV 0 10 80 host`, `${NAME} ${text('host.http.test', 80, 'http')}`, 'host A 192.0.2.1'] },
  { name: 'local.test', records: [`${NAME} SRV 0 10 80 host`, `${NAME} ${text('host.local.test', 80, 'http')}`, 'host A 127.0.0.1'] },
  { name: 'short.test', records: [`${NAME} 5 SRV 0 10 443 host`, `${NAME} ${text('host.short.test', 443, 'https')}`, 'host A 192.0.2.1'] },
  { name: 'long.test', records: [`${NAME} 172800 SRV 0 10 443 host`, `${NAME} ${text('host.long.test', 443, 'https')}`, 'host A 192.0.2.1'] },
  { name: 'slow.test', records: [] }, // its file is written below
  { name: 'many.test', records: MANY.flatMap((host) => [`${NAME} SRV 0 10 443 ${host}`, `${NAME} ${text(`${host}.many.test`, 443, 'https')}`, `${host} A 192.0.2.1`]) },
  { name: 'site.test', records: [`${NAME} SRV 0 10 443 host`, `${NAME}.berlin._sites SRV 0 10 443 host`, ...[NAME, `${NAME}.berlin._sites`].map((name) => `${name} ${text('host.site.test', 443, 'https')}`), 'host A 192.0.2.1'] },
].map((zone) => ({ updatePolicy: [], negativeTtlSeconds: 60, ...zone }));

(programs === undefined ? describe.skip : describe)('doctor asks a real named', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-doctor-'));
  let named: PrivateNamed;
  let server: ServerAddress;

  beforeAll(async () => {
    // A negative answer is remembered for the TTL of the SOA record at most: this one's is a day.
    const records = [`${NAME} SRV 0 10 443 host`, `${NAME} ${text('host.slow.test', 443, 'https')}`, 'host A 192.0.2.1'];
    writeFileSync(join(dir, 'slow.test.zone'), ['$TTL 86400', '$ORIGIN slow.test.', '@ SOA ns hostmaster 1 3600 600 86400 86400', '@ NS ns', 'ns A 127.0.0.1', ...records, ''].join('\n'));
    named = await startNamed({ dir, keys: [], zones });
    server = { address: '127.0.0.1', port: named.port };
  });
  afterAll(async () => {
    await named.stop();
    rmSync(dir, { recursive: true });
  });

  const wishes = (overrides: Partial<Wishes>): Wishes => ({ servers: [server], domains: [], chosen: true, guessed: false, sites: [], label: null, hosts: [], allowHttp: false, ...overrides });
  const examined = (overrides: Partial<Wishes>, { description = null, runMs }: { readonly description?: DnsDescription | null; readonly runMs?: number } = {}): Promise<ExaminedDns> =>
    examineDns({ wishes: wishes(overrides), description, budget: startBudget(runMs) });
  /** Ids with their subjects; the negative TTL of a minute is to be known, and said of each domain. */
  const found = ({ findings }: ExaminedDns): readonly string[] => findings.flatMap(({ id, severity, subject }) => (id === 'dns-negative-ttl' && severity === 'info' ? [] : [`${id} ${subject}`]));

  it.each([
    ['good.test', []],
    ['empty.test', ['dns-service-missing _muster._tcp.empty.test']],
    ['off.test', ['dns-service-off _muster._tcp.off.test']],
    ['alias.test', ['dns-target-alias host.alias.test']],
    ['nowhere.test', ['dns-target-without-address host.nowhere.test']],
    ['bare.test', ['dns-scheme-missing _muster._tcp.bare.test']],
    ['http.test', ['dns-http-off-loopback host.http.test:80']],
    ['local.test', []],
    ['short.test', ['dns-ttl _muster._tcp.short.test']],
    ['long.test', ['dns-ttl _muster._tcp.long.test']],
    ['slow.test', ['dns-negative-ttl slow.test']],
    ['many.test', ['dns-many-records _muster._tcp.many.test']],
    ['unserved.test', ['dns-lookup-failed _muster._tcp.unserved.test']],
  ])('%s: %j', async (domain, expected) => {
    const { skipped, ...report } = await examined({ domains: [domain] });
    expect([found({ skipped, ...report }), skipped]).toEqual([expected, []]);
  });

  it('says the negative TTL, of a domain inside a larger zone too', async () => {
    const { findings } = await examined({ domains: ['good.test', 'inside.good.test'] });
    expect(findings.filter(({ id }) => id === 'dns-negative-ttl').map(({ subject, severity, detail }) => [subject, severity, detail])).toEqual(
      ['good.test', 'inside.good.test'].map((domain) => [domain, 'info', 'That a name has no record may be remembered for 1 minute.']),
    );
  });

  it('hands on each endpoint once, with its scheme and its addresses', async () => {
    const { published } = await examined({ domains: ['good.test', 'http.test', 'off.test', 'nowhere.test'] });
    expect(published).toEqual([
      { target: 'host.good.test', port: 443, scheme: 'https', addresses: ['2001:db8::1', '192.0.2.1'] },
      { target: 'host.http.test', port: 80, scheme: 'http', addresses: ['192.0.2.1'] },
    ]);
  });

  it('looks at the sites that are named', async () => {
    expect(found(await examined({ domains: ['site.test'], sites: ['berlin', 'munich'] }))).toEqual(['dns-site-missing _muster._tcp.munich._sites.site.test']);
  });

  it('looks at the domains and sites of the registrar, rather than at a guess', async () => {
    const domain = { domain: 'site.test', zone: 'site.test', ttlSeconds: 300, sites: ['munich'], servers: [], key: null, failure: null, reconciledAt: null, conflicts: [] };
    const description: DnsDescription = { position: 1, deployment: null, serving: true, label: NAME, endpoints: [], domains: [domain] };
    expect(found(await examined({ domains: ['empty.test'], chosen: false, guessed: true }, { description }))).toEqual(['dns-site-missing _muster._tcp.munich._sites.site.test']);
    expect(found(await examined({ domains: ['empty.test'], chosen: false }, { description }))).toEqual(['dns-service-missing _muster._tcp.empty.test', 'dns-site-missing _muster._tcp.munich._sites.site.test']);
    expect(found(await examined({ domains: ['good.test'] }, { description }))).toEqual([]);
  });

  it('makes no fault of a domain that was only guessed', async () => {
    const { findings } = await examined({ domains: ['empty.test'], chosen: false, guessed: true });
    expect(findings.map(({ id, severity }) => `${id} ${severity}`)).toEqual(['dns-service-missing info', 'dns-negative-ttl info']);
  });

  it('goes on with the next server when one is silent, and says so', async () => {
    const silent = { address: '127.0.0.1', port: await freePort() };
    expect(found(await examined({ servers: [silent, server], domains: ['good.test'] }))).toEqual([`dns-resolver-silent 127.0.0.1:${silent.port}`]);
    const { findings, skipped } = await examined({ servers: [silent], domains: ['good.test'] });
    expect(findings.map(({ id }) => id)).toEqual(['dns-no-resolver']);
    expect(skipped).toEqual([{ area: 'dns', subject: 'domains', reason: 'no DNS server answers' }]);
  });

  it('asks the next server what one does not know', async () => {
    const ask = askDns([{ address: '127.0.0.1', port: await freePort() }, server], startBudget());
    expect((await ask('host.good.test', 'A')).records.map(({ data }) => data.address)).toEqual(['192.0.2.1']);
  });

  it('says what was skipped for want of time, and takes it neither for good nor for bad', async () => {
    const { findings, skipped } = await examined({ domains: ['empty.test'] }, { runMs: 1 });
    expect([findings, skipped]).toEqual([[], [{ area: 'dns', subject: 'DNS servers', reason: 'the 30 s of the whole run are over' }]]);
  });

  it('says that no domain is known', async () => {
    const { findings, skipped } = await examined({ domains: [] });
    expect([findings, skipped.map(({ reason }) => reason)]).toEqual([[], ['no domain is known here: name one with --domain']]);
  });
});
