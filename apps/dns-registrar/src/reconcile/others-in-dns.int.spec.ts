import { namedHere } from '@muster/devstack';
import { claimNameOf, dnsScavengedSchema, dnsTakenOverSchema, formatClaim, SERVICE_LABEL_DEFAULT, subjects } from '@muster/contracts';
import { toInstant } from '@muster/kernel';
import type { Change } from '@muster/dns-wire';
import { eventually } from '@muster/testing';
import type { RegistrarNamed } from '../registrar-named.fixture.js';
import { registrarNamed, SERVICE, ZONE } from '../registrar-named.fixture.js';
import type { RegistrarWorld } from '../registrar-world.fixture.js';
import { endpoint, registrarWorld, START_TIMEOUT_MS, worldServers } from '../registrar-world.fixture.js';

const ACTOR = 'operator:abcdefghijkl';
const STRANGER = '00112233445566778899aabbccddeeff';
/** For what nobody tells the registrar, it looks this often. */
const RECONCILE_SECONDS = '1';

let named: RegistrarNamed;
const worlds: RegistrarWorld[] = [];

const aWorld = async (): Promise<RegistrarWorld> => {
  const world = await registrarWorld({
    MUSTER_DNS_DOMAINS: ZONE,
    MUSTER_DNS_SERVERS: named.address,
    MUSTER_DNS_KEY_FILE: named.keyFile('registrar'),
    MUSTER_DNS_RECONCILE_SECONDS: RECONCILE_SECONDS,
  });
  worlds.push(world);
  await world.activate();
  return world;
};

beforeEach(async () => {
  named = await registrarNamed();
}, START_TIMEOUT_MS);
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
  await named?.stop();
}, START_TIMEOUT_MS);
afterAll(async () => (await worldServers()).stop(), START_TIMEOUT_MS);

const srv = (target: string, weight = 10, priority = 0) => ({ type: 'SRV', priority, weight, port: 443, target }) as const;
const added = (data: Extract<Change, { kind: 'add' }>['data'], name = SERVICE): Change => ({ kind: 'add', name, ttlSeconds: 300, data });
const removed = (data: Extract<Change, { kind: 'add' }>['data'], name = SERVICE): Change => ({ kind: 'remove-record', name, data });
const claimOf = (target: string): string => claimNameOf(SERVICE_LABEL_DEFAULT, { target, port: 443 }, ZONE);
const claimText = (deployment: string, at = '2026-01-01T00:00:00Z') => ({ type: 'TXT', strings: formatClaim({ deployment, epoch: 7, at, state: 'active' }) }) as const;

(namedHere('what others do in a real DNS server') === undefined ? describe.skip : describe)('what others do in DNS', () => {
  it('is mended where it is to records of ours, and left alone where it is to theirs', async () => {
    const world = await aWorld();
    await world.start();
    world.beat(endpoint('a.corp.test'));
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 a.corp.test']));
    await named.change([removed(srv('a.corp.test')), added(srv('a.corp.test', 77)), added(srv('other.corp.test'))]);
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 a.corp.test', '0 10 443 other.corp.test']));
    await named.change([removed(srv('a.corp.test'))]);
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 a.corp.test', '0 10 443 other.corp.test']));
    expect((await world.plan()).domains).toMatchObject([{ changes: [], differences: [{ kind: 'foreign', name: SERVICE }] }]);
    expect(await world.events('DnsConflictDetected')).toEqual([]);
  }, START_TIMEOUT_MS);

  it('is a conflict where it stands in our way: told once, replaced only by order, and not for whoever comes after', async () => {
    await named.change([added(srv('a.corp.test', 99)), added(claimText(STRANGER), claimOf('a.corp.test'))]);
    const world = await aWorld();
    await world.start();
    await world.start();
    world.beat(endpoint('a.corp.test'));
    await eventually(async () => expect(await world.events('DnsConflictDetected')).toMatchObject([{ endpoint: 'a.corp.test:443', domain: ZONE, owner: STRANGER }]));
    for (let again = 0; again < 3; again += 1) expect(await world.apply()).toMatchObject({ domains: [{ changes: [], conflicts: [{ endpoint: 'a.corp.test:443', owner: STRANGER }] }] });
    expect(await world.events('DnsConflictDetected')).toHaveLength(1);
    expect(await named.srv()).toEqual(['0 99 443 a.corp.test']);
    const taken = await world.ask(subjects.dnsTakeOver, { domain: ZONE, actor: ACTOR }, dnsTakenOverSchema);
    expect(taken).toMatchObject({ recorded: true, endpoint: 'a.corp.test:443', owner: STRANGER });
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 a.corp.test']));
    await eventually(async () => expect((await world.describe()).domains[0]?.conflicts).toEqual([]));
    await expect(world.ask(subjects.dnsTakeOver, { domain: ZONE, actor: ACTOR }, dnsTakenOverSchema)).rejects.toMatchObject({ kind: 'dns-conflict-unknown' });
    await expect(world.ask(subjects.dnsTakeOver, { domain: 'nobody.test', actor: ACTOR }, dnsTakenOverSchema)).rejects.toMatchObject({ kind: 'dns-domain-unknown' });
  }, START_TIMEOUT_MS);

  it('does not matter to a second deployment on the same name: each keeps to its own records', async () => {
    const [one, other] = [await aWorld(), await aWorld()];
    await one.start();
    one.beat(endpoint('a.corp.test'));
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 a.corp.test']));
    await other.start();
    other.beat(endpoint('a.corp.test', { weight: 50 }));
    other.beat(endpoint('b.corp.test'));
    await eventually(async () => expect(await other.events('DnsConflictDetected')).toMatchObject([{ endpoint: 'a.corp.test:443' }]));
    await eventually(async () => expect(await named.srv()).toEqual(['0 10 443 a.corp.test', '0 10 443 b.corp.test']));
    expect((await other.events('DnsConflictDetected'))[0]?.owner).toBe((await one.describe()).deployment);
    expect(await one.events('DnsConflictDetected')).toEqual([]);
  }, START_TIMEOUT_MS);

  it('that takes more of our records than may go waits for an administrator', async () => {
    const world = await aWorld();
    const first = await world.start();
    for (const name of ['a', 'b', 'c', 'd']) world.beat(endpoint(`${name}.corp.test`));
    await eventually(async () => expect(await named.srv()).toHaveLength(4));
    await eventually(async () => expect(await world.events('ServiceRecordPublished')).toHaveLength(4));
    await first.stop();
    // Another label makes every record of ours one that nothing wants, and no event said so.
    await world.start({ MUSTER_DNS_LABEL: '_other._tcp', MUSTER_DNS_KEY_FILE: named.keyFile('admin') });
    await eventually(async () => expect((await world.plan()).domains[0]?.refused).toEqual(expect.any(String)));
    expect(await named.srv()).toHaveLength(4);
    const { domains } = await world.apply({ deleteShareMax: 1 });
    expect(domains).toMatchObject([{ failure: null }]);
    await eventually(async () => expect(await named.srv()).toEqual([]));
  }, START_TIMEOUT_MS);

  it('and what an earlier life of ours left there goes when it is old, after a dry run', async () => {
    const world = await aWorld();
    await world.start();
    world.beat(endpoint('a.corp.test'));
    await eventually(async () => expect(await named.srv()).toHaveLength(1));
    const { deployment } = await world.describe();
    const longAgo = '2026-01-01T00:00:00Z';
    const young = `${toInstant(Date.now()).slice(0, 19)}Z`;
    await named.change([
      ...[added(srv('old.corp.test')), added(claimText(deployment ?? '', longAgo), claimOf('old.corp.test'))],
      ...[added(srv('young.corp.test')), added(claimText(deployment ?? '', young), claimOf('young.corp.test'))],
    ]);
    const scavenge = (dryRun: boolean) => world.ask(subjects.dnsScavenge, { dryRun, actor: ACTOR }, dnsScavengedSchema);
    const outcomes = async (dryRun: boolean) => Object.fromEntries((await scavenge(dryRun)).orphans.map(({ endpoint: id, outcome }) => [id, outcome]));
    expect(await outcomes(true)).toEqual({ 'old.corp.test:443': 'would-go', 'young.corp.test:443': 'waits' });
    expect(await named.srv()).toHaveLength(3);
    expect(await outcomes(false)).toEqual({ 'old.corp.test:443': 'gone', 'young.corp.test:443': 'waits' });
    expect(await named.srv()).toEqual(['0 10 443 a.corp.test', '0 10 443 young.corp.test']);
    expect(await named.txt(claimOf('old.corp.test'))).toEqual([]);
  }, START_TIMEOUT_MS);
});
