import { namedHere } from '@muster/devstack';
import { RCODE } from '@muster/dns-wire';
import { anEvent, eventually } from '@muster/testing';
import type { CapturingProxy } from '../capturing-proxy.fixture.js';
import { capturingProxy, isUpdate, replay } from '../capturing-proxy.fixture.js';
import type { RegistrarNamed } from '../registrar-named.fixture.js';
import { registrarNamed, SERVICE, ZONE } from '../registrar-named.fixture.js';
import type { RegistrarWorld } from '../registrar-world.fixture.js';
import { endpoint, hostRetired, registrarWorld, START_TIMEOUT_MS, worldServers } from '../registrar-world.fixture.js';

let named: RegistrarNamed;
let proxy: CapturingProxy;
let world: RegistrarWorld;

beforeEach(async () => {
  named = await registrarNamed();
  proxy = await capturingProxy(named.port);
  world = await registrarWorld({ MUSTER_DNS_DOMAINS: ZONE, MUSTER_DNS_SERVERS: proxy.address, MUSTER_DNS_KEY_FILE: named.keyFile('registrar') });
  await world.activate();
}, START_TIMEOUT_MS);
afterEach(async () => {
  await world?.stop();
  await proxy?.stop();
  await named?.stop();
}, START_TIMEOUT_MS);
afterAll(async () => (await worldServers()).stop(), START_TIMEOUT_MS);

const A = ['0 10 443 a.corp.test'];
const claim = () => named.txt(`_443.a.corp.test._owner.${SERVICE}`);

(namedHere('that a change in a real DNS server is made once') === undefined ? describe.skip : describe)('a change in DNS', () => {
  it('that somebody captured has no effect when it is sent again after a withdrawal', async () => {
    await world.start();
    world.beat(endpoint('a.corp.test'));
    await eventually(async () => expect(await named.srv()).toEqual(A));
    const captured = proxy.captured.filter(isUpdate);
    expect(captured.length).toBeGreaterThan(0);
    await world.record(hostRetired());
    await eventually(async () => expect(await world.events('ServiceRecordWithdrawn')).toHaveLength(1));
    const [before] = await claim();
    for (const bytes of captured) expect([RCODE.NXRRSET, RCODE.YXRRSET]).toContain(await replay(bytes, named.port));
    expect(await named.srv()).toEqual([]);
    expect(await claim()).toEqual([before]);
  }, START_TIMEOUT_MS);

  it('is recorded once by two registrars, whoever made it, through a life of changes', async () => {
    await Promise.all([world.start(), world.start()]);
    world.beat(endpoint('a.corp.test'));
    await eventually(async () => expect(await named.srv()).toEqual(A));
    await eventually(async () => expect(await world.events('ServiceRecordPublished')).toHaveLength(1));
    for (const weight of [20, 30, 40]) {
      await world.order({ order: 'prefer', weight });
      await eventually(async () => expect(await named.srv()).toEqual([`0 ${weight} 443 a.corp.test`]));
    }
    await world.record(hostRetired());
    await eventually(async () => expect(await world.events('ServiceRecordWithdrawn')).toHaveLength(1));
    // Both have looked once more, and found nothing to record.
    for (let again = 0; again < 6; again += 1) expect(await world.apply()).toMatchObject({ domains: [{ changes: [], failure: null }] });
    expect(await world.events('EndpointAnnounced')).toHaveLength(1);
    expect(await world.events('ServiceRecordWithdrawn')).toHaveLength(1);
    const published = await world.events('ServiceRecordPublished');
    expect(published.map(({ weight }) => weight)).toEqual([10, 20, 30, 40]);
    const epochs = published.map(({ epoch }) => epoch);
    expect(epochs).toEqual([...new Set(epochs)].sort((one, other) => one - other));
  }, START_TIMEOUT_MS);

  it('whose answer was lost is found by asking, and recorded', async () => {
    proxy.swallowAnswers(true);
    await world.start({ MUSTER_DNS_RECONCILE_SECONDS: '1' });
    world.beat(endpoint('a.corp.test'));
    await eventually(async () => expect(await world.events('ServiceRecordPublished')).toMatchObject([{ endpoint: 'a.corp.test:443', name: SERVICE }]));
    const sent = proxy.captured.filter(isUpdate).length;
    expect(sent).toBe(1);
    proxy.swallowAnswers(false);
    await eventually(async () => expect((await world.apply()).domains).toMatchObject([{ changes: [], failure: null }]));
    expect(await world.events('ServiceRecordPublished')).toHaveLength(1);
  }, START_TIMEOUT_MS);

  it('that a registrar made and did not live to record is recorded by the next one', async () => {
    const first = await world.start();
    const silence = world.beat(endpoint('a.corp.test'));
    await eventually(async () => expect(await world.events('ServiceRecordPublished')).toHaveLength(1));
    const [published] = await world.events('ServiceRecordPublished');
    await first.stop();
    silence('killed');
    // The ledger as it is when the record of it is missing: it says that nothing stands there.
    const { endpoint: id, domain, name, epoch, server, rcode, serial } = published ?? anEvent('ServiceRecordPublished').data;
    await world.record(anEvent('ServiceRecordWithdrawn', { endpoint: id, domain, name, epoch, server, rcode, serial, reason: 'not-wanted' }));
    const updates = proxy.captured.filter(isUpdate).length;
    await world.start();
    await eventually(async () => expect(await world.events('ServiceRecordPublished')).toHaveLength(2));
    expect((await world.events('ServiceRecordPublished'))[1]).toMatchObject({ endpoint: id, name, epoch });
    expect(proxy.captured.filter(isUpdate)).toHaveLength(updates);
    expect(await named.srv()).toEqual(A);
  }, START_TIMEOUT_MS);
});
