import { namedHere } from '@muster/devstack';
import { eventually } from '@muster/testing';
import type { RegistrarNamed } from './registrar-named.fixture.js';
import { registrarNamed, SERVICE, ZONE } from './registrar-named.fixture.js';
import type { RegistrarWorld } from './registrar-world.fixture.js';
import { endpoint, hostRetired, registrarWorld, START_TIMEOUT_MS, worldServers } from './registrar-world.fixture.js';

let named: RegistrarNamed;
let world: RegistrarWorld;

const settings = () => ({
  MUSTER_DNS_DOMAINS: ZONE,
  MUSTER_DNS_SERVERS: named.address,
  MUSTER_DNS_KEY_FILE: named.keyFile('registrar'),
  MUSTER_DNS_SITES: 'berlin,munich=berlin',
  MUSTER_DNS_TTL_SECONDS: '60',
});

beforeEach(async () => {
  named = await registrarNamed();
  world = await registrarWorld(settings());
}, START_TIMEOUT_MS);
afterEach(async () => {
  await world?.stop();
  await named?.stop();
}, START_TIMEOUT_MS);
afterAll(async () => (await worldServers()).stop(), START_TIMEOUT_MS);

const BERLIN = `_muster._tcp.berlin._sites.${ZONE}`;
const MUNICH = `_muster._tcp.munich._sites.${ZONE}`;

(namedHere('the life of an endpoint in a real DNS server') === undefined ? describe.skip : describe)('an endpoint and its host', () => {
  it('is listed when its host is activated, at its site and where that covers, and gone when the host is retired', async () => {
    await world.start();
    world.beat(endpoint('a.corp.test', { sites: ['berlin'] }));
    await world.activate();
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 a.corp.test']));
    expect(await named.srv(BERLIN)).toEqual(['0 10 443 a.corp.test']);
    expect(await named.srv(MUNICH)).toEqual(['0 10 443 a.corp.test']);
    expect(await named.txt()).toEqual(['v=muster1 target=a.corp.test port=443 scheme=https']);
    expect(await named.ttl()).toBe(60);
    await eventually(async () => expect((await world.events('ServiceRecordPublished')).map(({ name }) => name).sort()).toEqual([BERLIN, SERVICE, MUNICH].sort()));
    const [first] = await world.events('ServiceRecordPublished');
    expect(first).toMatchObject({ endpoint: 'a.corp.test:443', server: named.address, rcode: 'NOERROR', ttlSeconds: 60, scheme: 'https', serial: expect.any(Number) });
    await eventually(async () => expect((await world.describe()).domains).toMatchObject([{ domain: ZONE, servers: [{ standing: 'up' }], key: 'registrar', reconciledAt: expect.any(String) }]));
    expect((await world.plan()).domains).toMatchObject([{ server: named.address, changes: [], differences: [], failure: null }]);

    await world.record(hostRetired());
    await eventually(async () => expect(await named.srv()).toEqual([]));
    expect([...(await named.srv(BERLIN)), ...(await named.srv(MUNICH)), ...(await named.txt())]).toEqual([]);
    expect(await named.txt(`_443.a.corp.test._owner.${SERVICE}`)).toEqual([expect.stringContaining('state=withdrawn')]);
    await eventually(async () => expect((await world.events('ServiceRecordWithdrawn')).map(({ reason }) => reason)).toEqual(Array(3).fill('host-retired')));
  }, START_TIMEOUT_MS);

  it('that is silent stands behind the others, then goes, but not when it is the last', async () => {
    await world.activate();
    await world.start({ MUSTER_DNS_SILENT_AFTER_SECONDS: '2', MUSTER_DNS_WITHDRAW_AFTER_SECONDS: '5', MUSTER_DNS_SITES: '' });
    const silenceA = world.beat(endpoint('a.corp.test'));
    const silenceB = world.beat(endpoint('b.corp.test'));
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 a.corp.test', '0 10 443 b.corp.test']));
    silenceA('killed');
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 b.corp.test', '100 10 443 a.corp.test']));
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 b.corp.test']), { timeoutMs: 20_000 });
    silenceB('killed');
    await eventually(async () => expect(await named.srv()).toEqual(['100 10 443 b.corp.test']));
    await eventually(async () => expect((await world.plan()).domains[0]?.findings).not.toEqual([]), { timeoutMs: 20_000 });
    expect(await named.srv()).toEqual(['100 10 443 b.corp.test']);
    expect(await world.events('EndpointWithdrawn')).toEqual([{ endpoint: 'a.corp.test:443', cause: 'unheard' }]);
    world.beat(endpoint('a.corp.test'));
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 a.corp.test', '100 10 443 b.corp.test']));
  }, START_TIMEOUT_MS);

  it('that stops in order changes nothing until its grace ends', async () => {
    await world.activate();
    await world.start({ MUSTER_DNS_SILENT_AFTER_SECONDS: '2', MUSTER_DNS_STOPPED_GRACE_SECONDS: '2', MUSTER_DNS_SITES: '' });
    const stopA = world.beat(endpoint('a.corp.test'));
    world.beat(endpoint('b.corp.test'));
    await eventually(async () => expect(await named.srv()).toHaveLength(2));
    stopA('stopped');
    await eventually(async () => expect(await world.events('EndpointFellSilent')).toMatchObject([{ endpoint: 'a.corp.test:443', cause: 'stopped' }]));
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 b.corp.test']));
    expect((await world.events('ServiceRecordPublished')).filter(({ endpoint: id }) => id === 'a.corp.test:443')).toHaveLength(1);
  }, START_TIMEOUT_MS);

  it('follows what administrators order', async () => {
    await world.activate();
    await world.start({ MUSTER_DNS_SITES: '' });
    world.beat(endpoint('a.corp.test'));
    world.beat(endpoint('b.corp.test'));
    await eventually(async () => expect(await named.srv()).toHaveLength(2));
    expect(await world.order({ order: 'prefer', endpoint: 'a.corp.test:443', priority: 5 })).toMatchObject({ recorded: true, endpoint: 'a.corp.test:443' });
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 b.corp.test', '5 10 443 a.corp.test']));
    await world.order({ order: 'withdraw', endpoint: 'a.corp.test:443' });
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 b.corp.test']));
    expect(await world.order({ order: 'withdraw', endpoint: 'a.corp.test:443' })).toMatchObject({ recorded: false });
    await world.order({ order: 'publish', endpoint: 'a.corp.test:443' });
    await eventually(async () => expect(await named.srv()).toHaveLength(2));
    await expect(world.order({ order: 'prefer', endpoint: 'a.corp.test:443', domains: ['misspelt.test'] })).rejects.toMatchObject({ kind: 'dns-domain-unknown' });
    await expect(world.order({ order: 'withdraw' })).rejects.toMatchObject({ kind: 'endpoint-ambiguous' });
    await expect(world.order({ order: 'withdraw', endpoint: 'nobody.corp.test:443' })).rejects.toMatchObject({ kind: 'endpoint-unknown' });
  }, START_TIMEOUT_MS);
});
