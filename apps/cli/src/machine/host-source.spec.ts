import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMachineDirectory, type MachineDirectory } from '@muster/client';
import { writeRunFile } from '../data-dir/run-file.js';
import { followSource, hostSource, openDnsDiscovery } from './host-source.js';

const VARIABLES = ['MUSTER_HOST', 'MUSTER_DOMAIN', 'MUSTER_SITE', 'MUSTER_DNS_RESOLVERS', 'MUSTER_DNS_LABEL'];
const RUNNING = 'http://127.0.0.1:6878';

describe('where a machine’s hosts come from', () => {
  let place: string;
  let directory: MachineDirectory;
  let data: string;
  const before = Object.fromEntries(VARIABLES.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'muster-source-'));
    directory = openMachineDirectory(join(place, 'machine'));
    data = join(place, 'data');
    mkdirSync(data, { recursive: true });
    for (const name of VARIABLES) Reflect.deleteProperty(process.env, name);
  });
  afterEach(() => {
    for (const name of VARIABLES) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
    rmSync(place, { recursive: true });
  });
  const settings = { hosts: [], virtual: false };

  it('is the first of: named now, set by hand, MUSTER_HOST, a domain that was set, MUSTER_DOMAIN, a host that runs here, its own domain', () => {
    const source = (host?: string) => hostSource({ data, ...(host === undefined ? {} : { host }) }, directory);
    expect(source()).toEqual({ by: 'dns', dns: {} });
    writeRunFile(data, { pid: process.pid, startedAt: '2026-11-22T00:00:00.000Z', url: RUNNING, parts: [] });
    expect(source()).toEqual({ by: 'local', hosts: [RUNNING] });
    process.env['MUSTER_DOMAIN'] = 'corp.example, lab.example';
    process.env['MUSTER_SITE'] = 'berlin';
    expect(source()).toEqual({ by: 'dns', dns: { domains: ['corp.example', 'lab.example'], site: 'berlin' } });
    directory.keepSettings({ ...settings, dns: { domains: ['set.example'] } });
    expect(source()).toEqual({ by: 'dns', dns: { domains: ['set.example'] } });
    process.env['MUSTER_HOST'] = 'a.example';
    expect(source()).toEqual({ by: 'environment', hosts: ['http://a.example:6878'] });
    directory.keepSettings({ ...directory.settings(), hosts: ['http://b.example:6878'] });
    expect(source()).toEqual({ by: 'hand', hosts: ['http://b.example:6878'] });
    expect(source('c.example')).toEqual({ by: 'hand', hosts: ['http://c.example:6878'] });
  });

  it('is asked at each contact: what is set later counts from then on', async () => {
    const discovery = followSource(() => hostSource({}, directory));
    directory.keepSettings({ ...settings, hosts: [RUNNING] });
    expect([await discovery.hosts(), discovery.search?.({} as never)]).toEqual([[RUNNING], undefined]);
    directory.keepSettings({ ...settings, dns: { domains: ['set.example'] } });
    expect([await discovery.hosts(), discovery.search?.({} as never)?.ordered]).toEqual([[], true]);
  });

  it('looks under the label of the service that the machine was told, else the environment', () => {
    const domains = ['corp.example'];
    expect(openDnsDiscovery({ domains }).names()).toEqual(['_muster._tcp.corp.example']);
    process.env['MUSTER_DNS_LABEL'] = '_other._tcp';
    expect(openDnsDiscovery({ domains }).names()).toEqual(['_other._tcp.corp.example']);
    directory.keepSettings({ ...settings, dns: { domains, label: '_third._tcp' } });
    const source = hostSource({}, directory);
    expect(source.by === 'dns' && openDnsDiscovery(source.dns).names()).toEqual(['_third._tcp.corp.example']);
  });

  it.each([
    [{ domains: ['corp.example'], label: '_muster' }, '"_muster" is not the label of a service, such as _muster._tcp'],
    [{ domains: ['no domain'] }, '"no domain" is not the name of a domain'],
    [{ domains: ['corp.example'], site: 'a.b' }, '"a.b" is not the name of a site'],
    [{ domains: ['corp.example'], resolvers: ['dns.example'] }, '"dns.example" is not the address of a DNS server'],
  ])('is not %j', (options, words) => expect(() => openDnsDiscovery(options)).toThrow(words));
});
