import { createSocket, type Socket } from 'node:dgram';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { formatEndpointText } from '@muster/contracts';
import { freePort, namedHere, type PrivateNamed, startNamed } from '@muster/devstack';
import { systemClock, systemDraws } from '@muster/kernel';
import { aTlsCertificate } from '@muster/testing';
import type { DevelopmentVendor } from '@muster/trust';
import { createDevelopmentVendor } from '@muster/trust';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { openMachineDirectory } from '../directory/machine-directory.js';
import { fakeHost, listen, type FakeHost, type ListeningHost } from '../shell/fake-host.fixture.js';
import type { Machine } from '../shell/machine.js';
import { openMachine } from '../shell/open-machine.js';
import type { DiscoveryStep } from './discovery-steps.js';
import { dnsDiscovery, type DnsDiscoveryOptions } from './dns-discovery.js';

const PRODUCT = 'acme.workstation';

const programs = namedHere('hosts found by DNS');

interface Named {
  readonly host: FakeHost;
  readonly at: ListeningHost;
}

/** SRV, and beside it how its port is spoken to; `@` is the domain's own name, anything else a site's. */
const listed = (target: string, port: number, { priority = 0, weight = 10, site = '@', scheme = 'http' }: { readonly priority?: number; readonly weight?: number; readonly site?: string; readonly scheme?: 'http' | 'https' | 'none' } = {}) =>
  (domain: string): readonly string[] => {
    const name = site === '@' ? '_muster._tcp' : `_muster._tcp.${site}._sites`;
    const text = scheme === 'none' ? [] : [`${name} TXT "${formatEndpointText({ target: `${target}.${domain}`, port, scheme }).join('')}"`];
    return [`${name} SRV ${priority} ${weight} ${port} ${target}`, `${target} A 127.0.0.1`, ...text];
  };

(programs === undefined ? describe.skip : describe)('hosts found by DNS', () => {
  let vendor: DevelopmentVendor;
  let place: string;
  let server: PrivateNamed;
  let tls: TlsServer;
  const hosts = new Map<string, Named>();
  let steps: DiscoveryStep[];
  let machines = 0;

  const named = (name: string): Named => {
    const found = hosts.get(name);
    if (found === undefined) throw new Error(`no host ${name}`);
    return found;
  };
  const portOf = (name: string): number => named(name).at.port;
  const paths = (name: string): readonly string[] => named(name).at.heard.map(({ path }) => path);

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'muster-discovery-'));
    const nowMs = systemClock.nowMs();
    vendor = await createDevelopmentVendor({ nowMs });
    const other = await createDevelopmentVendor({ nowMs });
    for (const name of ['near', 'far', 'good', 'rogue', 'first', 'second', 'only', 'kept', 'off', 'elsewhere', 'remote', 'again']) {
      const host = fakeHost(name === 'rogue' ? other : vendor);
      hosts.set(name, { host, at: await listen(host) });
    }
    const { certificate, key } = aTlsCertificate(['impostor.tls.test'], nowMs);
    tls = createTlsServer({ cert: certificate, key }, (_request, response) => void response.end('{}'));
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const dead = await freePort();
    const zones: Readonly<Record<string, readonly ((domain: string) => readonly string[])[]>> = {
      'site.test': [listed('near', portOf('near'), { site: 'berlin', priority: 50 }), listed('far', portOf('far'))],
      'rogue.test': [listed('rogue', portOf('rogue')), listed('good', portOf('good'), { priority: 10 })],
      'dead.test': [listed('dead', dead), listed('second', portOf('second'), { priority: 10 })],
      'change.test': [listed('first', portOf('first')), listed('again', portOf('again'), { priority: 10 })],
      'down.test': [listed('kept', portOf('kept'))],
      'off.test': [() => ['_muster._tcp SRV 0 0 0 .'], listed('off', portOf('off'), { site: 'berlin' })],
      'after.test': [listed('elsewhere', portOf('elsewhere'))],
      'plain.test': [() => listed('remote', portOf('remote'))('plain.test').map((line) => line.replace('A 127.0.0.1', 'A 192.0.2.1'))],
      'tls.test': [listed('impostor', (tls.address() as AddressInfo).port, { scheme: 'none' }), listed('only', portOf('only'), { priority: 10 })],
    };
    server = await startNamed({
      dir: join(place, 'named'),
      keys: [{ name: 'nobody' }],
      zones: Object.entries(zones).map(([name, records]) => ({ name, updatePolicy: [], records: [...new Set(records.flatMap((one) => one(name)))] })),
    });
  });
  afterAll(async () => {
    await server.stop();
    tls.close();
    for (const { at } of hosts.values()) await at.close();
    rmSync(place, { recursive: true });
  });
  beforeEach(() => {
    steps = [];
    machines += 1;
  });

  const dirNow = (): string => join(place, `machine-${machines}`);
  const open = (domains: readonly string[], options: DnsDiscoveryOptions = {}): Promise<Machine> =>
    openMachine({
      dir: dirNow(),
      product: PRODUCT,
      root: vendor.rootKey.publicJwk,
      hostname: 'ws-01',
      hosts: dnsDiscovery({ domains, resolvers: [`127.0.0.1:${server.port}`], trace: (step) => void steps.push(step), ...options }),
    });
  const activateIn = async (domains: readonly string[], options: DnsDiscoveryOptions = {}) => (await (await open(domains, options)).activate()).outcome;
  const types = (): readonly string[] => steps.map(({ type }) => type);

  it('are asked in the site first, whatever its priority says', async () => {
    expect(await activateIn(['site.test'], { site: 'berlin' })).toMatchObject({ host: `http://near.site.test:${portOf('near')}`, reply: { type: 'granted' }, failed: [] });
    expect(named('far').host.received).toEqual([]);
    expect(steps.flatMap((step) => (step.type === 'asked' ? [step.name] : []))).toEqual(['_muster._tcp.berlin._sites.site.test', '_muster._tcp.site.test']);
    expect(named('near').host.proofs).toHaveLength(1); // what the vendor took back is asked for by the same search
    expect(steps.find((step) => step.type === 'order')?.hosts.map(({ target }) => target)).toEqual(['near.site.test', 'far.site.test']);
  });

  it('prove themselves: one at priority 0 that no client trusts is told a nonce and nothing else, and is left alone', async () => {
    const machine = await open(['rogue.test']);
    const { outcome } = await machine.activate();
    const rogue = `http://rogue.rogue.test:${portOf('rogue')}`;
    expect(outcome).toMatchObject({ host: `http://good.rogue.test:${portOf('good')}`, reply: { type: 'granted' }, failed: [{ host: rogue }] });
    const { heard } = named('rogue').at;
    expect(heard.map(({ path }) => path)).toEqual(['/v1/host-proofs']);
    expect(heard.map(({ body }) => body)).toEqual([JSON.stringify({ nonce: named('rogue').host.proofs[0] })]);
    expect(heard.some(({ headers, body }) => /eyJ|authorization|cookie/i.test(`${headers}${body}`) || headers.includes(machine.id))).toBe(false);
    expect(named('rogue').host.received).toEqual([]);
    expect(openMachineDirectory(dirNow()).discovery().quarantined).toMatchObject([{ host: rogue, why: expect.stringContaining('not believed') as string }]);
    expect(paths('good').slice(0, 2)).toEqual(['/v1/host-proofs', '/v1/activations']);
    // At the next look it is not asked even that.
    await named('good').at.close();
    const later = await (await open(['rogue.test'])).renew();
    expect(later.outcome.failed).toContainEqual({ host: rogue, detail: expect.stringMatching(/^it is left alone for 10 minutes: its proof is not believed/) as string });
    expect(heard).toHaveLength(1);
  });

  it('are left alone when their TLS certificate is not of that name’s, and are spoken to over TLS where nothing says otherwise', async () => {
    expect(await activateIn(['tls.test'])).toMatchObject({ host: `http://only.tls.test:${portOf('only')}`, failed: [{ host: expect.stringMatching(/^https:\/\/impostor\.tls\.test/) as string }] });
    expect(openMachineDirectory(dirNow()).discovery().quarantined).toMatchObject([{ host: expect.stringContaining('impostor') as string, why: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY/) as string }]);
  });

  it('that are dead cost the next one nothing', async () => {
    expect(await activateIn(['dead.test'])).toMatchObject({ host: `http://second.dead.test:${portOf('second')}`, reply: { type: 'granted' }, failed: [{ detail: 'ECONNREFUSED' }] });
    expect(openMachineDirectory(dirNow()).discovery()).toMatchObject({ good: `http://second.dead.test:${portOf('second')}`, quarantined: [] });
  });

  it('are asked again without DNS, and looked for again in the same contact when that one fails', async () => {
    const machine = await open(['change.test']);
    await machine.activate();
    const [first, again] = [`http://first.change.test:${portOf('first')}`, `http://again.change.test:${portOf('again')}`];
    steps = [];
    expect((await machine.renew()).outcome.host).toBe(first);
    expect(types()).toEqual(['cached', 'proved']);
    await named('first').at.close();
    steps = [];
    expect((await machine.renew()).outcome).toMatchObject({ host: again, reply: { type: 'granted' }, failed: [{ host: first }] });
    expect([types()[0], types().includes('asked')]).toEqual(['cached', true]);
    // The machine keeps to its first host while DNS lists it: the one that stood in is not asked before.
    steps = [];
    const { outcome } = await machine.renew();
    expect([outcome.failed.map(({ host }) => host), outcome.host, types().includes('cached')]).toEqual([[first], again, false]);
  });

  it('that switch a domain off end the search: no other domain stands in', async () => {
    expect(await activateIn(['off.test', 'after.test'])).toMatchObject({ host: null, reply: { type: 'unreachable', detail: 'the service is switched off by _muster._tcp.off.test' } });
    expect(paths('elsewhere')).toEqual([]);
    expect(await activateIn(['site.test', 'after.test'], { label: '_other._tcp' })).toMatchObject({ reply: { detail: 'DNS names no host at _other._tcp.site.test, _other._tcp.after.test' } });
    expect(await activateIn(['off.test'], { site: 'berlin' })).toMatchObject({ host: `http://off.off.test:${portOf('off')}`, reply: { type: 'granted' } });
  });

  it('with plain http off this machine are not asked, unless the machine was told to', async () => {
    expect(await activateIn(['plain.test'])).toMatchObject({ host: null, reply: { detail: 'DNS names no host that may be asked' } });
    expect(steps).toContainEqual({ type: 'left-out', host: `http://remote.plain.test:${portOf('remote')}`, why: 'it is listed with plain http, which is not taken from DNS' });
    const found = await dnsDiscovery({ domains: ['plain.test'], resolvers: [`127.0.0.1:${server.port}`], allowHttp: true }).lookUp({ remembered: null, draws: systemDraws });
    expect(found).toMatchObject({ type: 'listed', hosts: [{ scheme: 'http', addresses: ['192.0.2.1'] }] });
  });

  describe('while no DNS server answers', () => {
    let silent: Socket;
    let resolvers: readonly string[];
    beforeAll(async () => {
      silent = createSocket('udp4');
      await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve));
      resolvers = [`127.0.0.1:${silent.address().port}`];
    });
    afterAll(() => void silent.close());

    it('are given up on at the deadline', async () => {
      const startedMs = performance.now();
      const outcome = await activateIn(['corp.test', 'lab.test'], { site: 'berlin', resolvers, timing: { queryTimeoutMs: 60_000, deadlineMs: 300 } });
      expect(outcome).toMatchObject({ host: null, reply: { type: 'unreachable', detail: expect.stringMatching(/^DNS does not answer \(.*before the deadline\)$/) as string } });
      expect(performance.now() - startedMs).toBeLessThan(3000);
    });

    it('are given up on after the tries of one question, however many there are', async () => {
      const startedMs = performance.now();
      await activateIn(['a.test', 'b.test', 'c.test', 'd.test'], { site: 'berlin', resolvers, timing: { queryTimeoutMs: 200 } });
      expect(performance.now() - startedMs).toBeLessThan(5000);
    });

    it('are those found last, with their age said', async () => {
      await activateIn(['down.test']);
      const directory = openMachineDirectory(dirNow());
      const kept = directory.discovery();
      // Older than a host is asked without a look at DNS.
      const ageMs = 8 * 86_400_000;
      directory.keepDiscovery({ ...kept, found: { hosts: [], names: [], ...kept.found, atMs: (kept.found?.atMs ?? 0) - ageMs } });
      steps = [];
      const { outcome } = await (await open(['down.test'], { resolvers, timing: { queryTimeoutMs: 100, tries: 1 } })).renew();
      const host = `http://kept.down.test:${portOf('kept')}`;
      expect(outcome).toMatchObject({ host, reply: { type: 'granted' } });
      const said = steps.find((step) => step.type === 'silent');
      expect(said).toMatchObject({ hosts: [host], ageSeconds: expect.any(Number) as number });
      expect(said?.ageSeconds).toBeGreaterThanOrEqual(ageMs / 1000);
      expect(JSON.parse(readFileSync(join(dirNow(), 'discovery.json'), 'utf8'))).toMatchObject({ found: { atMs: (kept.found?.atMs ?? 0) - ageMs } });
    });
  });
});
