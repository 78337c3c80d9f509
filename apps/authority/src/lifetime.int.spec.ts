import { hostActivationAnswerSchema, permanentActivationSchema, revocationsAnswerSchema } from '@muster/contracts';
import { aKey } from '@muster/testing';
import { certificateFromConfirmation, verifyPermanentLease, verifyRevocationList } from '@muster/trust';
import type { AuthorityWorld, Replica } from './authority.fixture.js';
import { authorityWorld, catalogue, hostRequest, machineRequest } from './authority.fixture.js';

const START_TIMEOUT_MS = 120_000;

const worlds: AuthorityWorld[] = [];
const open = async (options = {}): Promise<AuthorityWorld> => {
  const world = await authorityWorld(options);
  worlds.push(world);
  return world;
};
afterAll(async () => {
  for (const world of worlds) await world.stop();
}, START_TIMEOUT_MS);

interface IssuedKey {
  readonly keyId: string;
  readonly key: string;
  readonly policies: string;
}

const issue = async (replica: Replica, path: string, terms: object): Promise<IssuedKey> => (await replica.ask('POST', path, { organisation: 'example', ...terms })).body as unknown as IssuedKey;

it(
  'a new intermediate signs old outcomes where it can, and says so where it cannot',
  async () => {
    const world = await open();
    const before = await world.start();
    await before.ask('PUT', '/v1/catalogue', catalogue);
    const [hostKey, mak] = [await issue(before, '/v1/host-keys', { coversGroup: 'servers' }), await issue(before, '/v1/multiple-activation-keys', { group: 'servers', allowance: 5 })];
    const host = { key: hostKey.key, request: await hostRequest(aKey('a host'), hostKey) };
    const machine = { key: mak.key, request: await machineRequest('m-1') };
    expect((await before.ask('POST', '/v1/host-activations', host, null)).status).toBe(201);
    const lease = permanentActivationSchema.parse((await before.ask('POST', '/v1/machine-activations', machine, null)).body);

    const after = await world.start('another-intermediate');
    const again = permanentActivationSchema.parse((await after.ask('POST', '/v1/machine-activations', machine, null)).body);
    expect(again).toMatchObject({ leaseId: lease.leaseId, remaining: lease.remaining, issuedAt: lease.issuedAt });
    const { keys } = await verifyPermanentLease(again.lease, { root: world.rootKey.publicJwk });
    expect(keys).toEqual([aKey('authority:another-intermediate').id]);

    // The host would make its certificate from policies that name the intermediate of then.
    expect((await after.ask('POST', '/v1/host-activations', host, null)).body).toMatchObject({ code: 'policies-not-valid', detail: expect.stringContaining('Fetch the policies again') });
    const { policies } = (await after.ask('POST', '/v1/host-policies', { key: hostKey.key }, null)).body as { policies: string };
    const renewed = hostActivationAnswerSchema.parse((await after.ask('POST', '/v1/host-activations', { key: hostKey.key, request: await hostRequest(aKey('a host'), { keyId: hostKey.keyId, policies }) }, null)).body);
    expect(renewed).toMatchObject({ hostsUsed: 1, activationsUsed: 2 });
    await certificateFromConfirmation({ policies, hostPublicKey: aKey('a host').publicJwk, confirmation: renewed.confirmation, root: world.rootKey.publicJwk });
  },
  START_TIMEOUT_MS,
);

it(
  'a revoked intermediate signs the list that names it, and nothing more is recorded under it',
  async () => {
    const world = await open();
    const replica = await world.start();
    await replica.ask('PUT', '/v1/catalogue', catalogue);
    const revoked = revocationsAnswerSchema.parse((await replica.ask('POST', '/v1/revocations', { key: world.intermediateKey.id, reason: 'compromised' })).body);
    expect((await verifyRevocationList(revoked.list ?? '', { root: world.rootKey.publicJwk })).claims.keys).toEqual([world.intermediateKey.id]);
    expect((await replica.ask('POST', '/v1/host-keys', { organisation: 'example', coversGroup: 'servers' })).body).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('a new intermediate') });
    expect((await replica.ask('GET', '/v1/revocations', undefined, null)).body).toEqual(revoked);
    const next = await world.start('another-intermediate');
    expect((await issue(next, '/v1/host-keys', { coversGroup: 'servers' })).key).toMatch(/^H/);
  },
  START_TIMEOUT_MS,
);

it(
  'after a quiet month nothing is recorded until an administrator accepts the step, once',
  async () => {
    const world = await open({ controlledClock: true });
    const replica = await world.start();
    const order = () => replica.ask('POST', '/v1/multiple-activation-keys', { organisation: 'example', group: 'servers', allowance: 5 });
    expect((await replica.ask('PUT', '/v1/catalogue', { ...catalogue, environment: 'development' })).status).toBe(200);
    world.advanceDays(31);
    expect((await order()).body).toMatchObject({ code: 'time-step', detail: expect.stringContaining('accept-time') });
    const accepted = await Promise.all([replica.ask('POST', '/v1/time-steps'), replica.ask('POST', '/v1/time-steps'), order()]);
    expect(accepted.slice(0, 2).map(({ body }) => body['outcome']).sort()).toEqual(['accepted', 'no-step']);
    expect((await order()).status).toBe(201);
  },
  START_TIMEOUT_MS,
);

it(
  'a catalogue for production keeps a controlled clock from deciding anything more',
  async () => {
    const world = await open({ controlledClock: true });
    const replica = await world.start();
    expect((await replica.ask('PUT', '/v1/catalogue', catalogue)).status).toBe(200);
    expect((await replica.ask('POST', '/v1/host-keys', { organisation: 'example', coversGroup: 'servers' })).body).toMatchObject({ code: 'clock-skew' });
  },
  START_TIMEOUT_MS,
);
