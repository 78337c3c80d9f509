import { activationKeysSchema, hostActivationAnswerSchema, hostPoliciesAnswerSchema, hostPoliciesRequestSchema, machineConfirmationsSchema, permanentActivationSchema, revocationsAnswerSchema, vendorDescriptionSchema } from '@muster/contracts';
import type { HttpRequest } from '@muster/service';
import { aKey } from '@muster/testing';
import { certificateFromConfirmation, decodeConfirmation, digestOf, encodeInstallation, verifyHostPolicies, verifyPermanentLease, verifyRevocationList } from '@muster/trust';
import type { Answer, AuthorityWorld, Replica } from './authority.fixture.js';
import { authorityWorld, catalogue, hostRequest, machineRequest } from './authority.fixture.js';
import { privateBodyOf } from './body/private-body.js';

const START_TIMEOUT_MS = 120_000;

let world: AuthorityWorld;
let replicas: readonly [Replica, Replica];
/** Keys that were shown: they stand nowhere else. */
const shown: string[] = [];

beforeAll(async () => {
  world = await authorityWorld();
  replicas = [await world.start(), await world.start()];
  expect((await replicas[0].ask('PUT', '/v1/catalogue', catalogue)).status).toBe(200);
}, START_TIMEOUT_MS);

afterAll(() => world?.stop(), START_TIMEOUT_MS);

const either = (index: number): Replica => replicas[index % 2] as Replica;

interface IssuedKey {
  readonly keyId: string;
  readonly key: string;
  readonly policies: string;
}

const issue = async (path: string, terms: object): Promise<IssuedKey> => {
  const { status, body } = await either(0).ask('POST', path, { organisation: 'example', ...terms });
  expect(status).toBe(201);
  shown.push(body['key'] as string);
  return body as unknown as IssuedKey;
};

const issueHostKey = (): Promise<IssuedKey> => issue('/v1/host-keys', { coversGroup: 'servers' });
const issueMak = (allowance: number, group = 'workstations'): Promise<IssuedKey> => issue('/v1/multiple-activation-keys', { group, allowance });

const codes = (answers: readonly Answer[]): readonly unknown[] => answers.map(({ status, body }) => (status < 300 ? status : body['code']));
const tally = (values: readonly unknown[]): Record<string, number> => Object.fromEntries([...new Set(values)].sort().map((value) => [String(value), values.filter((other) => other === value).length]));

describe('the catalogue', () => {
  it('takes effect once, and both replicas know it', async () => {
    expect((await either(1).ask('PUT', '/v1/catalogue', catalogue)).body).toMatchObject({ adopted: false });
    expect((await either(1).ask('GET', '/v1/catalogue')).body).toEqual(catalogue);
  });

  it('says what is wrong with it', async () => {
    const { status, body } = await either(0).ask('PUT', '/v1/catalogue', { ...catalogue, products: [{ ...catalogue.products[0], pool: 'other' }] });
    expect([status, body['code'], body['detail']]).toEqual([400, 'malformed-request', expect.stringContaining('unknown pool other')]);
    expect((await either(0).ask('PUT', '/v1/catalogue', { ...catalogue, vendor: 'other' })).body).toMatchObject({ code: 'catalogue-not-valid' });
  });
});

describe('a host', () => {
  it('gets what its certificate is made from, and the same again for the same request', async () => {
    const issued = await issueHostKey();
    const fetched = hostPoliciesAnswerSchema.parse((await either(1).ask('POST', '/v1/host-policies', { key: issued.key.toLowerCase() }, null)).body);
    expect(fetched).toMatchObject({ policies: issued.policies, keyId: issued.keyId });
    expect((await verifyHostPolicies(issued.policies, { root: world.rootKey.publicJwk, atMs: Date.now() })).claims).toMatchObject({ iss: 'acme', coversGroup: 'servers', products: catalogue.products });
    const hostKey = aKey('first host');
    const request = await hostRequest(hostKey, issued);
    const answers = [];
    for (const index of [0, 1, 0]) answers.push(hostActivationAnswerSchema.parse((await either(index).ask('POST', '/v1/host-activations', { key: issued.key, request }, null)).body));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const [answer] = answers;
    if (answer === undefined) throw new Error('no answer');
    expect(answer).toMatchObject({ host: hostKey.id, hostsUsed: 1, hostsMax: 6, activationsUsed: 1, activationsPerHostMax: 10 });
    expect(decodeConfirmation(answer.confirmationCode)).toEqual({ status: 'read', confirmation: answer.confirmation });
    const { claims } = await certificateFromConfirmation({ policies: issued.policies, hostPublicKey: hostKey.publicJwk, confirmation: answer.confirmation, root: world.rootKey.publicJwk });
    expect(claims).toMatchObject({ sub: hostKey.id, organisation: 'example', coversGroup: 'servers' });
  });

  it('is one of six, however many ask at two replicas at once; the next needs an exception', async () => {
    const issued = await issueHostKey();
    const ask = async (seed: string, index: number): Promise<Answer> => either(index).ask('POST', '/v1/host-activations', { key: issued.key, request: await hostRequest(aKey(seed), issued) }, null);
    const answers = await Promise.all(Array.from({ length: 14 }, (_, index) => ask(`crowd ${index}`, index)));
    expect(tally(codes(answers))).toEqual({ 201: 6, 'hosts-exhausted': 8 });
    expect(answers.find(({ status }) => status === 403)?.body['detail']).toMatch(/Ask the vendor for an exception/);
    const raised = await either(1).ask('POST', `/v1/host-keys/${issued.keyId}/raises`, { hostsMax: 7 });
    expect(raised.body).toMatchObject({ hostsMax: 7, activationsPerHostMax: 10 });
    const request = await hostRequest(aKey('one more'), issued);
    const again = (index: number) => either(index).ask('POST', '/v1/host-activations', { key: issued.key, request }, null);
    expect(codes([await ask('another', 0), await again(0), await again(1)])).toEqual([201, 'hosts-exhausted', 'hosts-exhausted']);
    await either(0).ask('POST', `/v1/host-keys/${issued.keyId}/raises`, { hostsMax: 8 });
    expect(codes([await again(0), await ask('and another', 1)])).toEqual([201, 'hosts-exhausted']);
  });

  it('is activated ten times at most, however its requests interleave', async () => {
    const issued = await issueHostKey();
    const requests = await Promise.all(Array.from({ length: 13 }, () => hostRequest(aKey('restless'), issued)));
    const answers = await Promise.all(requests.map((request, index) => either(index).ask('POST', '/v1/host-activations', { key: issued.key, request }, null)));
    expect(tally(codes(answers))).toEqual({ 201: 10, 'activations-exhausted': 3 });
    const serials = answers.filter(({ status }) => status === 201).map(({ body }) => (body['confirmation'] as { serial: number }).serial);
    expect(serials.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is activated by its code, which says where it was misheard', async () => {
    const issued = await issueHostKey();
    const hostKey = aKey('by telephone');
    const installationCode = encodeInstallation({ hostPublicKey: hostKey.publicJwk, policiesDigest: digestOf(issued.policies) });
    const misheard = installationCode.replace(/^(\d)/, (digit) => String((Number(digit) + 1) % 10));
    expect((await either(0).ask('POST', '/v1/confirmations', { key: issued.key, installationCode: misheard })).body).toMatchObject({ code: 'code-misread', groups: '1' });
    const outdated = encodeInstallation({ hostPublicKey: hostKey.publicJwk, policiesDigest: digestOf('policies of yesterday') });
    expect((await either(0).ask('POST', '/v1/confirmations', { key: issued.key, installationCode: outdated })).body).toMatchObject({ code: 'policies-not-valid' });
    const order = { key: issued.key, installationCode, requestId: '0b54b1ea-5a1c-4f4e-b0a6-8f1b7e0c2a10' };
    const [first, again] = [await either(0).ask('POST', '/v1/confirmations', order), await either(1).ask('POST', '/v1/confirmations', order)];
    expect(again).toEqual(first);
    const { confirmation, activationsUsed } = hostActivationAnswerSchema.parse(first.body);
    expect(activationsUsed).toBe(1);
    await certificateFromConfirmation({ policies: issued.policies, hostPublicKey: hostKey.publicJwk, confirmation, root: world.rootKey.publicJwk });
  });

  it('is told apart: a mistyped key, one that was never issued, one of another kind, a revoked one, other policies', async () => {
    const [issued, other, mak] = [await issueHostKey(), await issueHostKey(), await issueMak(1)];
    const request = await hostRequest(aKey('mixed up'), issued);
    const ask = async (key: string, signed = request) => (await either(0).ask('POST', '/v1/host-activations', { key, request: signed }, null)).body;
    const [firstGroup = '', ...rest] = issued.key.split('-');
    const mistyped = [firstGroup, `${rest[0]?.slice(0, 4)}${rest[0]?.endsWith('2') ? '3' : '2'}`, ...rest.slice(1)].join('-');
    expect(await ask(mistyped)).toMatchObject({ code: 'key-misread', groups: '2' });
    expect(await ask(mak.key)).toMatchObject({ code: 'key-unknown' });
    expect(await ask(other.key)).toMatchObject({ code: 'malformed-request' });
    expect(await ask(issued.key, await hostRequest(aKey('mixed up'), { keyId: issued.keyId, policies: other.policies }))).toMatchObject({ code: 'policies-not-valid' });
    expect((await either(1).ask('POST', `/v1/host-keys/${issued.keyId}/revocations`, { reason: 'leaked' })).body).toMatchObject({ revoked: true });
    expect(await ask(issued.key)).toMatchObject({ code: 'key-revoked' });
  });
});

describe('a machine', () => {
  it('gets a permanent lease, the same for the same request, and for nothing when it asks anew', async () => {
    const mak = await issueMak(3);
    const request = await machineRequest('m-1');
    const ask = async (signed: string, index = 0) => permanentActivationSchema.parse((await either(index).ask('POST', '/v1/machine-activations', { key: mak.key, request: signed }, null)).body);
    const [first, again] = [await ask(request), await ask(request, 1)];
    expect(again).toEqual(first);
    expect(first).toMatchObject({ drawn: true, remaining: 2 });
    const { claims } = await verifyPermanentLease(first.lease, { root: world.rootKey.publicJwk, machine: first.machine, product: 'acme.workstation' });
    expect(claims).toMatchObject({ permanent: true, organisation: 'example', jti: first.leaseId });
    expect(await ask(await machineRequest('m-1'), 1)).toMatchObject({ drawn: false, remaining: 2 });
    expect(await ask(await machineRequest('m-1', { hardware: { board: aKey('another board').id } }))).toMatchObject({ drawn: true, remaining: 1 });
  });

  it('is one of the allowance, however many ask at two replicas at once', async () => {
    const mak = await issueMak(10);
    const requests = await Promise.all(Array.from({ length: 30 }, (_, index) => machineRequest(`crowd-${index}`)));
    const answers = await Promise.all(requests.map((request, index) => either(index).ask('POST', '/v1/machine-activations', { key: mak.key, request }, null)));
    expect(tally(codes(answers))).toEqual({ 201: 10, 'allowance-exhausted': 20 });
    const { multipleActivationKeys } = activationKeysSchema.parse((await either(1).ask('GET', '/v1/activation-keys')).body);
    expect(multipleActivationKeys.find(({ keyId }) => keyId === mak.keyId)).toMatchObject({ used: 10, remaining: 0 });
    await either(0).ask('POST', `/v1/multiple-activation-keys/${mak.keyId}/raises`, { allowance: 11 });
    expect(codes([await either(1).ask('POST', '/v1/machine-activations', { key: mak.key, request: await machineRequest('late') }, null)])).toEqual([201]);
  });

  it('is confirmed by proxy, with a reason of its own where it is not', async () => {
    const mak = await issueMak(2);
    const requests = [await machineRequest('p-1'), await machineRequest('p-2', { product: 'acme.server' }), await machineRequest('p-3', { product: 'acme.toaster' }), 'a.b.c', await machineRequest('p-4'), await machineRequest('p-5')];
    const confirm = async () => machineConfirmationsSchema.parse((await either(0).ask('POST', '/v1/machine-confirmations', { key: mak.key, requests }, null)).body);
    const first = await confirm();
    const told = first.confirmations.map((one) => (one.outcome === 'granted' ? one.remaining : one.reason));
    expect(told).toEqual([1, 'group-not-covered', 'unknown-product', 'malformed-request', 0, 'allowance-exhausted']);
    expect(first.remaining).toBe(0);
    expect(await confirm()).toEqual(first);
  });
});

describe('a revocation', () => {
  it('is in the next signed list, which every replica gives alike', async () => {
    expect((await either(0).ask('GET', '/v1/revocations', undefined, null)).body).toEqual({ list: null, sequence: 0 });
    const key = aKey('a stolen host').id;
    const revoked = revocationsAnswerSchema.parse((await either(0).ask('POST', '/v1/revocations', { key, reason: 'compromised' })).body);
    expect(revoked).toEqual((await either(1).ask('GET', '/v1/revocations', undefined, null)).body);
    expect((await verifyRevocationList(revoked.list ?? '', { root: world.rootKey.publicJwk })).claims).toMatchObject({ sequence: 1, keys: [key], certificates: [] });
    expect((await either(1).ask('POST', '/v1/revocations', { certificate: '0b54b1ea-5a1c-4f4e-b0a6-8f1b7e0c2a10', reason: 'retired' })).body).toMatchObject({ code: 'not-found' });
  });
});

describe('the service', () => {
  it('describes itself', async () => {
    expect(vendorDescriptionSchema.parse((await either(0).ask('GET', '/v1/vendor', undefined, null)).body)).toMatchObject({ vendor: 'acme', signer: world.intermediateKey.id, root: world.rootKey.publicJwk });
    const jwks = (await either(0).ask('GET', '/.well-known/jwks.json', undefined, null)).body as { keys: { kid: string }[] };
    expect(jwks.keys.map(({ kid }) => kid)).toEqual([world.rootKey.id, world.intermediateKey.id]);
    expect((await either(0).ask('GET', '/readyz', undefined, null)).body).toMatchObject({ status: 'ready' });
  });

  it('needs a token for all that is not open, and its document says so', async () => {
    const { paths } = (await either(0).ask('GET', '/openapi.json', undefined, null)).body as { paths: Record<string, Record<string, { security?: unknown }>> };
    const routes = Object.entries(paths).flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path: path.replace('{keyId}', 'A'.repeat(43)), closed: operation.security !== undefined })));
    expect(routes.filter(({ closed }) => !closed).map(({ path }) => path).sort()).toEqual(
      ['/.well-known/jwks.json', '/livez', '/readyz', '/v1/host-activations', '/v1/host-policies', '/v1/machine-activations', '/v1/machine-confirmations', '/v1/revocations', '/v1/vendor'].sort(),
    );
    for (const { method, path, closed } of routes) {
      const { status } = await either(1).ask(method, path, method === 'GET' ? undefined : {}, null).catch(() => ({ status: 0 }));
      expect([method, path, status === 401]).toEqual([method, path, closed]);
    }
  });

  it('keeps no key anywhere: not in an event, not in the log', async () => {
    const { body } = await either(0).ask('GET', '/v1/events?limit=500');
    const told = JSON.stringify(body) + world.logged();
    expect(shown.length).toBeGreaterThan(5);
    for (const key of shown) for (const spelling of [key, key.replaceAll('-', ''), key.slice(0, 17)]) expect(told).not.toContain(spelling);
    const { events } = body as { events: { actor: string; type: string }[] };
    expect(events.find(({ type }) => type === 'muster.HostKeyIssued.v1')?.actor).toMatch(/^operator:/);
  });

  it('takes no key that came unencrypted from elsewhere', () => {
    const body = Buffer.from(JSON.stringify({ key: 'K' }));
    const from = (ip: string, protocol: 'http' | 'https') => () => privateBodyOf(body, { ip, protocol, headers: { 'content-type': 'application/json' } } as HttpRequest, hostPoliciesRequestSchema);
    expect(from('192.0.2.1', 'http')).toThrow(expect.objectContaining({ kind: 'forbidden' }) as Error);
    expect([from('192.0.2.1', 'https')(), from('127.0.0.1', 'http')()]).toEqual([{ key: 'K' }, { key: 'K' }]);
  });

  it('has nothing to accept while its clock agrees', async () => {
    expect((await either(0).ask('POST', '/v1/time-steps')).body).toMatchObject({ outcome: 'no-step' });
  });
});
