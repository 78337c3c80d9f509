import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namedHere } from '@muster/devstack';
import { claimNameOf, formatClaim, parseClaim, SERVICE_LABEL_DEFAULT } from '@muster/contracts';
import { eventually } from '@muster/testing';
import type { RegistrarNamed } from './registrar-named.fixture.js';
import { registrarNamed, SERVICE, ZONE } from './registrar-named.fixture.js';
import type { RegistrarWorld } from './registrar-world.fixture.js';
import { endpoint, registrarWorld, START_TIMEOUT_MS, worldServers } from './registrar-world.fixture.js';

let named: RegistrarNamed;
let world: RegistrarWorld;

beforeEach(async () => {
  named = await registrarNamed();
  world = await registrarWorld({ MUSTER_DNS_DOMAINS: ZONE, MUSTER_DNS_SERVERS: named.address, MUSTER_DNS_KEY_FILE: named.keyFile('registrar'), MUSTER_DNS_RECONCILE_SECONDS: '1' });
  await world.activate();
}, START_TIMEOUT_MS);
afterEach(async () => {
  await world?.stop();
  await named?.stop();
}, START_TIMEOUT_MS);
afterAll(async () => (await worldServers()).stop(), START_TIMEOUT_MS);

const claimOf = (target: string): string => claimNameOf(SERVICE_LABEL_DEFAULT, { target, port: 443 }, ZONE);
const epochOf = async (target: string): Promise<number> => parseClaim(await named.txt(claimOf(target)))?.epoch ?? 0;

(namedHere('the upkeep of a real DNS server') === undefined ? describe.skip : describe)('the upkeep of DNS', () => {
  it('writes claims anew, and only those', async () => {
    await world.start({ MUSTER_DNS_REFRESH_SECONDS: '1' });
    world.beat(endpoint('a.corp.test'));
    await eventually(async () => expect(await epochOf('a.corp.test')).toBeGreaterThan(0));
    const epoch = await epochOf('a.corp.test');
    await eventually(async () => expect(await epochOf('a.corp.test')).toBeGreaterThan(epoch + 1));
    expect(await named.srv()).toEqual(['0 10 443 a.corp.test']);
    expect(await world.events('ServiceRecordPublished')).toHaveLength(1);
  }, START_TIMEOUT_MS);

  it('takes away old orphans by itself, a run after they were reported', async () => {
    await world.start({ MUSTER_DNS_WINDOW_SECONDS: '7' });
    world.beat(endpoint('a.corp.test'));
    await eventually(async () => expect(await named.srv()).toHaveLength(1));
    const deployment = (await world.describe()).deployment ?? '';
    await named.change([
      { kind: 'add', name: SERVICE, ttlSeconds: 300, data: { type: 'SRV', priority: 0, weight: 10, port: 443, target: 'old.corp.test' } },
      { kind: 'add', name: claimOf('old.corp.test'), ttlSeconds: 300, data: { type: 'TXT', strings: formatClaim({ deployment, epoch: 3, at: '2026-01-01T00:00:00Z', state: 'active' }) } },
    ]);
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 a.corp.test']));
    expect(await named.txt(claimOf('old.corp.test'))).toEqual([]);
  }, START_TIMEOUT_MS);

  it('respects the limit of a name, and warns before it', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'muster-dns-file-'));
    const file = join(dir, 'dns.json');
    writeFileSync(file, JSON.stringify({ domains: [{ domain: ZONE, recordsWarn: 80, recordsMax: 82 }] }));
    try {
      await world.start({ MUSTER_DNS_FILE: file });
      const severities = async () => (await world.plan()).domains[0]?.findings.map(({ severity }) => severity);
      const name = (index: number): string => `host-${String(index).padStart(2, '0')}.corp.test`;
      for (let index = 0; index < 80; index += 1) world.beat(endpoint(name(index)));
      await eventually(async () => expect(await named.srv()).toHaveLength(80), { timeoutMs: 60_000 });
      expect(await severities()).toEqual(['warning']);
      for (let index = 80; index < 84; index += 1) world.beat(endpoint(name(index)));
      await eventually(async () => expect((await world.describe()).endpoints).toHaveLength(84));
      await eventually(async () => expect(await named.srv()).toHaveLength(82), { timeoutMs: 60_000 });
      expect(await severities()).toContain('error');
      expect((await world.apply()).domains).toMatchObject([{ failure: null }]);
      expect(await named.srv()).toHaveLength(82);
    } finally {
      rmSync(dir, { recursive: true });
    }
  }, START_TIMEOUT_MS);

  it('speaks UDP where it is told to, and IPv6', async () => {
    await world.start({ MUSTER_DNS_PROTOCOL: 'udp', MUSTER_DNS_SERVERS: `[::1]:${named.port},${named.address}` });
    world.beat(endpoint('a.corp.test', { scheme: 'http', port: 8080 }));
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 8080 a.corp.test']));
    expect(await named.txt()).toEqual(['v=muster1 target=a.corp.test port=8080 scheme=http']);
    const [published] = await eventually(async () => {
      const events = await world.events('ServiceRecordPublished');
      expect(events).toHaveLength(1);
      return events;
    });
    expect(published?.server).toBe(named.ipv6 ? `[::1]:${named.port}` : named.address);
  }, START_TIMEOUT_MS);
});
