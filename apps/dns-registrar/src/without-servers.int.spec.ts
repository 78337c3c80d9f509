import { namedHere } from '@muster/devstack';
import { dnsRecordsSchema, subjects } from '@muster/contracts';
import { eventually } from '@muster/testing';
import type { RegistrarNamed } from './registrar-named.fixture.js';
import { registrarNamed, SERVICE, ZONE } from './registrar-named.fixture.js';
import type { RegistrarWorld } from './registrar-world.fixture.js';
import { endpoint, registrarWorld, START_TIMEOUT_MS, worldServers } from './registrar-world.fixture.js';

let named: RegistrarNamed;
let world: RegistrarWorld;

beforeAll(async () => {
  named = await registrarNamed();
  world = await registrarWorld({ MUSTER_DNS_DOMAINS: ZONE, MUSTER_DNS_RESOLVERS: named.address });
  await world.activate();
  await world.start();
  world.beat(endpoint('a.corp.test'));
  await eventually(async () => expect((await world.describe()).endpoints).toHaveLength(1));
}, START_TIMEOUT_MS);
afterAll(async () => {
  await world?.stop();
  await named?.stop();
  await (await worldServers()).stop();
}, START_TIMEOUT_MS);

(namedHere('a plan without a server that takes updates') === undefined ? describe.skip : describe)('without a server that takes updates', () => {
  it('everything is known that is to be entered by hand', async () => {
    const { records } = await world.ask(subjects.dnsRecords, {}, dnsRecordsSchema);
    const place = { domain: ZONE, zone: ZONE, endpoint: 'a.corp.test:443', name: SERVICE, ttlSeconds: 300 };
    expect(records).toEqual([
      { ...place, type: 'SRV', data: '0 10 443 a.corp.test.' },
      { ...place, type: 'TXT', data: '"v=muster1 target=a.corp.test port=443 scheme=https"' },
    ]);
    await expect(world.ask(subjects.dnsRecords, { domains: ['nobody.test'] }, dnsRecordsSchema)).rejects.toMatchObject({ kind: 'dns-domain-unknown' });
  });

  it('what stands in DNS is compared by a resolver, and each difference is named until there is none', async () => {
    const kinds = async () => (await world.plan()).domains.map(({ server, changes, refused, differences }) => ({ server, changes, refused, kinds: differences.map(({ kind }) => kind) }));
    const asked = { server: named.address, changes: [], refused: null };
    expect(await kinds()).toMatchObject([{ ...asked, kinds: expect.arrayContaining(['missing']) }]);
    await named.change([{ kind: 'add', name: SERVICE, ttlSeconds: 300, data: { type: 'SRV', priority: 0, weight: 10, port: 443, target: 'a.corp.test' } }]);
    expect(await kinds()).toEqual([{ ...asked, kinds: ['scheme'] }]);
    await named.change([{ kind: 'add', name: SERVICE, ttlSeconds: 300, data: { type: 'TXT', strings: ['v=muster1 target=a.corp.test port=443 scheme=https'] } }]);
    expect(await kinds()).toEqual([{ ...asked, kinds: [] }]);
    expect((await world.plan()).domains).toMatchObject([{ conflicts: [], failure: null }]);
    expect(await world.events('DnsConflictDetected')).toEqual([]);
  });

  it('nothing can be applied, and that is said', async () => {
    await expect(world.apply()).rejects.toMatchObject({ kind: 'dns-not-configured' });
    expect((await world.describe()).domains).toMatchObject([{ servers: [], key: null, reconciledAt: null }]);
  });
});
