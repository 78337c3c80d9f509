import { once } from 'node:events';
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, namedHere } from '@muster/devstack';
import { parseServerAddress } from '@muster/dns-wire';
import { type Clock, systemClock, systemDraws } from '@muster/kernel';
import { createLogger } from '@muster/service';
import { eventually } from '@muster/testing';
import type { RegistrarNamed } from '../registrar-named.fixture.js';
import { CLOSED_ZONE, foreignKey, registrarNamed, ZONE } from '../registrar-named.fixture.js';
import type { RegistrarWorld } from '../registrar-world.fixture.js';
import { endpoint, registrarWorld, START_TIMEOUT_MS, worldServers } from '../registrar-world.fixture.js';
import { ZoneAccess } from './zone-access.js';

let named: RegistrarNamed;
let world: RegistrarWorld;
let dir: string;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'muster-dns-keys-'));
  named = await registrarNamed();
  world = await registrarWorld({ MUSTER_DNS_DOMAINS: ZONE, MUSTER_DNS_SERVERS: named.address, MUSTER_DNS_KEY_FILE: named.keyFile('registrar'), MUSTER_DNS_RECONCILE_SECONDS: '1' });
  await world.activate();
}, START_TIMEOUT_MS);
afterEach(async () => {
  await world?.stop();
  await named?.stop();
  rmSync(dir, { recursive: true, force: true });
}, START_TIMEOUT_MS);
afterAll(async () => (await worldServers()).stop(), START_TIMEOUT_MS);

const keyFile = (content: string): string => {
  const file = join(dir, 'registrar.key');
  writeFileSync(file, content, { mode: 0o600 });
  return file;
};
const published = () => eventually(async () => expect(await named.srv()).toEqual(['0 10 443 a.corp.test']), { timeoutMs: 20_000 });
/** What the only domain's servers are said to be in trouble with. */
const troubles = async (): Promise<readonly (string | undefined)[]> => ((await world.describe()).domains[0]?.servers ?? []).map(({ failure }) => failure?.kind);
const troubled = (...kinds: readonly (string | undefined)[]) => eventually(async () => expect(await troubles()).toEqual(kinds));

const policy = { domain: ZONE, zone: ZONE, label: '_muster._tcp', ttlSeconds: 60, sites: [], recordsWarn: 80, recordsMax: 100, deleteShareMax: 1 };
const access = (servers: readonly string[], clock: Clock = systemClock): ZoneAccess =>
  new ZoneAccess(
    { policy, servers: servers.map(parseServerAddress), keyFile: named.keyFile('registrar'), protocol: 'tcp' },
    { clock, signatureClock: clock, draws: systemDraws, log: createLogger({ service: 'test', level: 'fatal' }) },
  );

(namedHere('real DNS servers that fail') === undefined ? describe.skip : describe)('DNS servers that do not do what they are asked', () => {
  it.each([
    ['a wrong key', 'registrar', 'tsig-bad-signature'],
    ['an unknown key', 'nobody', 'tsig-bad-key'],
  ])('tell %s, and are asked with the right one as soon as its file is replaced', async (_, name, kind) => {
    const file = keyFile(await foreignKey(name));
    const service = await world.start({ MUSTER_DNS_KEY_FILE: file });
    world.beat(endpoint('a.corp.test'));
    await troubled(kind);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    expect((await world.plan()).domains).toMatchObject([{ server: null, changes: [], failure: { kind, server: named.address } }]);
    const next = join(dir, 'next.key');
    copyFileSync(named.keyFile('next'), next);
    renameSync(next, file);
    await published();
    expect((await world.describe()).domains[0]?.key).toBe('next');
  }, START_TIMEOUT_MS);

  it('are not asked with a key that everybody may read', async () => {
    const file = keyFile(await foreignKey('registrar'));
    rmSync(file);
    writeFileSync(file, await foreignKey('registrar'), { mode: 0o644 });
    await world.start({ MUSTER_DNS_KEY_FILE: file });
    await eventually(async () => expect((await world.plan()).domains[0]?.failure).toMatchObject({ kind: 'invalid', detail: expect.stringContaining('chmod') }));
    expect((await world.describe()).domains).toMatchObject([{ failure: { kind: 'invalid', detail: expect.stringContaining('chmod') }, servers: [{ standing: 'not-asked' }] }]);
  }, START_TIMEOUT_MS);

  it("tell a wrong clock with the server's time beside ours", async () => {
    const behind = { nowMs: () => systemClock.nowMs() - 3_600_000 };
    const zone = access([named.address], behind);
    const outcome = await zone.use((opened) => opened.serial());
    expect(outcome).toMatchObject({ kind: 'failed', failure: { kind: 'tsig-bad-time', server: named.address, detail: expect.stringMatching(/its clock says 20.*36\d\d s apart|its clock says 20.*3599 s apart/) } });
    expect(zone.describe()).toMatchObject([{ standing: 'failing', retryAt: expect.any(String) }]);
  });

  it('tell that their policy forbids it, and that they do not serve the zone, each domain for itself', async () => {
    await world.start({ MUSTER_DNS_DOMAINS: `${ZONE},${CLOSED_ZONE},elsewhere.test` });
    world.beat(endpoint('a.corp.test'));
    await published();
    await eventually(async () =>
      expect((await world.describe()).domains.map(({ domain, servers }) => [domain, servers[0]?.failure?.kind])).toEqual([
        [ZONE, undefined],
        [CLOSED_ZONE, 'refused'],
        ['elsewhere.test', 'not-auth-zone'],
      ]),
    );
    const { domains } = await world.apply({ domains: [CLOSED_ZONE] });
    expect(domains).toMatchObject([{ changes: [{ action: 'publish', outcome: 'failed', rcode: 'REFUSED' }], failure: { kind: 'refused' } }]);
  }, START_TIMEOUT_MS);

  it('are asked again when they are back', async () => {
    await named.halt();
    const service = await world.start();
    world.beat(endpoint('a.corp.test'));
    await troubled('unreachable');
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    await named.resume();
    await published();
    await troubled(undefined);
    await eventually(async () => {
      const metrics = await (await fetch(`${service.url}/metrics`)).text();
      expect(metrics).toMatch(/^muster_dns_updates_total\{zone="corp.test",action="publish",rcode="NOERROR"\} 1$/m);
      expect(metrics).toMatch(/^muster_dns_update_duration_seconds_count 1$/m);
      expect(metrics).toMatch(/^muster_dns_drift_records\{domain="corp.test",kind="missing"\} 0$/m);
      expect(metrics).toMatch(/^muster_dns_last_success_timestamp_seconds\{domain="corp.test"\} \d+/m);
      expect(metrics).toMatch(/^muster_dns_endpoints\{standing="heard"\} 1$/m);
    });
  }, START_TIMEOUT_MS);

  it('are asked now and then whether they are back, also while nobody needs them', async () => {
    const dead = `127.0.0.1:${await freePort()}`;
    const zone = access([named.address, dead]);
    const serial = () => zone.use((opened) => opened.serial(), { insist: true });
    await named.halt();
    expect(await serial()).toMatchObject({ kind: 'failed', failure: { kind: 'unreachable' } });
    await named.resume();
    expect(await serial()).toMatchObject({ kind: 'done', server: named.address });
    expect(zone.describe()).toMatchObject([{ standing: 'up' }, { standing: 'failing' }]);
    await eventually(() => expect(zone.retryInMs).toBe(0));
    await zone.probe();
    expect(zone.describe()).toMatchObject([{ standing: 'up' }, { standing: 'failing' }]);
    expect(zone.retryInMs).toBeGreaterThan(500);
  });

  it('do not hold up an orderly stop, however long they do not answer', async () => {
    const blackHole = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(blackHole, 'listening');
    const address = `127.0.0.1:${(blackHole.address() as AddressInfo).port}`;
    const asked = once(blackHole, 'connection');
    const service = await world.start({ MUSTER_DNS_SERVERS: Array(5).fill(address).join(',') });
    const [socket] = (await asked) as [Socket];
    expect(await service.stop()).toBe(true);
    socket.destroy();
    blackHole.close();
  }, START_TIMEOUT_MS);

  it('are passed over while the next one does', async () => {
    const dead = `127.0.0.1:${await freePort()}`;
    await world.start({ MUSTER_DNS_SERVERS: `${dead},${named.address}` });
    world.beat(endpoint('a.corp.test'));
    await published();
    await troubled('unreachable', undefined);
    await eventually(async () => expect(await world.events('ServiceRecordPublished')).toMatchObject([{ server: named.address }]));
  }, START_TIMEOUT_MS);
});
