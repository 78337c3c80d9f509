import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessTokenCreatedAnswerSchema, activationGrantedSchema } from '@muster/contracts';
import { aFleet, eventually, type TestMachine } from '@muster/testing';
import { SERVER, signRelease, signRenewal, signWish } from '../fleet/wish.js';
import type { Host } from '../host/host.js';
import { startHost } from '../host/host.js';
import type { Answer, Call } from '../host/host-api.js';
import { jsonOf } from '../host/host-api.js';
import { killNow } from '../host/processes.js';
import type { Place, Secret } from './find-secrets.js';
import { filesBelow, findSecrets, secretOf } from './find-secrets.js';

const START_TIMEOUT_MS = 240_000;
const JOSE = { 'content-type': 'application/jose' };
const JSON_BODY = { 'content-type': 'application/json' };

/** What people put where it does not belong: it is refused, and must not be repeated. */
const MISTAKEN_TOKEN = 'muster_canary_canary_canary_canary_canary_0001';
const MISTAKEN_PASSWORD = 'canary-password-0002';
const NOTE = 'canary note: Ada of the night shift 0003';

const PRIVATE_MODE = 0o077;

/** T15: everything that is secret in one run of a host, at the level where services say most, looked for in all that it wrote and answered. */
describe('the secrets of a host', () => {
  const root = mkdtempSync(join(tmpdir(), 'muster-secrets-'));
  const dataDir = join(root, 'data');
  const answered: Place[] = [];
  let host: Host;

  const call = async (path: string, options: Call = {}): Promise<Answer> => {
    const answer = await host.api.call(path, options);
    answered.push({ name: `the answer of ${options.method ?? 'GET'} ${path.split('?', 1)[0] ?? ''}`, bytes: Buffer.from(`${JSON.stringify([...answer.headers])}\n${answer.text}`) });
    return answer;
  };
  const operatorToken = (): string => readFileSync(join(dataDir, 'operator-token'), 'utf8').trim();
  const asOperator = (path: string, options: Call = {}): Promise<Answer> => call(path, { ...options, headers: { authorization: `Bearer ${operatorToken()}`, ...options.headers } });
  const posted = (path: string, jws: string): Promise<Answer> => call(path, { method: 'POST', headers: JOSE, body: jws });

  beforeAll(async () => {
    host = await startHost({ dataDir, env: { MUSTER_LOG_LEVEL: 'trace' } });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await host?.end();
    rmSync(root, { recursive: true, force: true });
  }, START_TIMEOUT_MS);

  const leases = async (fleet: readonly TestMachine[]): Promise<void> => {
    for (const machine of fleet) await posted('/v1/activations', (await signWish(machine, { product: SERVER })).jws);
    const [machine] = fleet as readonly [TestMachine, ...TestMachine[]];
    const { leaseId, lease } = activationGrantedSchema.parse(jsonOf(await host.api.postRequest((await signWish(machine, { product: SERVER })).jws)));
    const held = { product: SERVER, leaseId, lease };
    const renewal = await signRenewal(machine, held);
    await posted(renewal.path, renewal.jws);
    const release = await signRelease(machine, held);
    await posted(release.path, release.jws);
  };

  /** Mistakes of every kind, each with something secret in it. */
  const mistakes = async (): Promise<void> => {
    const bearer = { authorization: `Bearer ${MISTAKEN_TOKEN}` };
    await call('/v1/pools', { headers: bearer });
    await call('/v1/pools', { headers: { authorization: `Basic ${Buffer.from(`admin:${MISTAKEN_PASSWORD}`).toString('base64')}`, cookie: `session=${MISTAKEN_PASSWORD}` } });
    await call(`/v1/pools?token=${MISTAKEN_TOKEN}`);
    await call(`/nowhere?password=${MISTAKEN_PASSWORD}`);
    await asOperator(`/v1/events?token=${MISTAKEN_TOKEN}`);
    await asOperator('/v1/access-tokens', { method: 'POST', headers: JSON_BODY, body: JSON.stringify({ role: 'viewer', password: MISTAKEN_PASSWORD }) });
    await asOperator('/v1/access-tokens', { method: 'POST', headers: JSON_BODY, body: `{"role":"viewer","note":"${MISTAKEN_PASSWORD}` });
    await asOperator(`/v1/access-tokens/${MISTAKEN_TOKEN}`, { method: 'DELETE' });
    await posted('/v1/activations', `${MISTAKEN_TOKEN}.${MISTAKEN_PASSWORD}.x`);
    await call('/v1/activations', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: MISTAKEN_PASSWORD });
  };

  /** Parts go away while they are asked: drivers complain with all that they know. */
  const failures = async (): Promise<void> => {
    for (const kind of ['nats', 'postgres'] as const) {
      for (const { pid } of host.partsOf(kind)) killNow(pid);
      await Promise.all(Array.from({ length: 5 }, () => asOperator('/v1/pools')));
      await asOperator('/v1/access-tokens');
      await eventually(async () => expect((await asOperator('/v1/pools')).status).toBe(200), { timeoutMs: 60_000 });
    }
  };

  const kept = (): readonly Secret[] => [
    secretOf('the operator token', operatorToken()),
    ...readdirSync(join(dataDir, 'secrets')).map((name) => secretOf(name, readFileSync(join(dataDir, 'secrets', name), 'utf8').trim())),
    ...readdirSync(join(dataDir, 'vendor'))
      .filter((name) => name.endsWith('.private.json'))
      .map((name) => secretOf(name, (JSON.parse(readFileSync(join(dataDir, 'vendor', name), 'utf8')) as { readonly d: string }).d, 'base64url')),
    secretOf('a mistaken token', MISTAKEN_TOKEN),
    secretOf('a mistaken password', MISTAKEN_PASSWORD),
  ];

  const commandLines = (): readonly Place[] =>
    host.run().parts.map(({ name, pid }) => ({ name: `the command line of ${name}`, bytes: readFileSync(`/proc/${pid}/cmdline`) }));

  it(
    'stand in no log, answer, metric, command line or row',
    async () => {
      await leases(aFleet(6, 'secrets'));
      const created = accessTokenCreatedAnswerSchema.parse(
        jsonOf(await host.api.operatorCall('/v1/access-tokens', { method: 'POST', headers: JSON_BODY, body: JSON.stringify({ role: 'auditor', note: NOTE }) })),
      );
      await call('/v1/events?limit=500', { headers: { authorization: `Bearer ${created.token}` } });
      await mistakes();
      await failures();
      await asOperator('/v1/events?limit=500');
      await call('/openapi.json');
      await call('/v1/host');
      for (const { kind, port, name } of host.run().parts.filter(({ kind: each }) => each !== 'nats' && each !== 'postgres')) {
        if (kind === 'gateway') await asOperator('/metrics');
        else answered.push({ name: `the metrics of ${name}`, bytes: Buffer.from(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()) });
      }
      const lines = commandLines();
      const secrets = [...kept(), secretOf('an access token', created.token)];
      expect(secrets.length).toBeGreaterThanOrEqual(10);

      // Its end writes everything out: what is in the files then is what there is.
      await host.stop();
      const logs = filesBelow(join(dataDir, 'logs'));
      const terminal = [{ name: 'the terminal', bytes: Buffer.from(host.process.output()) }];
      const rows = filesBelow(join(dataDir, 'postgres'));
      expect(findSecrets(secrets, [...answered, ...lines, ...logs, ...terminal, ...rows])).toEqual([]);
      // Whom a token is for is personal: it stands beside the ledger and in the list of tokens alone.
      expect(findSecrets([secretOf('the note', NOTE)], [...answered.filter(({ name }) => !name.endsWith('/v1/access-tokens')), ...lines, ...logs, ...terminal])).toEqual([]);

      // What does stand there is found, so that nothing above is empty by mistake.
      const hash = Buffer.from(created.tokenId.replaceAll('-', ''), 'hex');
      expect(findSecrets([{ name: 'an id', forms: [hash] }], rows).length).toBeGreaterThan(0);
      expect(findSecrets([secretOf('an id', created.tokenId)], rows).length).toBeGreaterThan(0);
      expect(findSecrets([secretOf('the note', NOTE)], rows).length).toBeGreaterThan(0);
      expect(findSecrets([secretOf('an id', created.tokenId)], logs).length).toBeGreaterThan(0);
      expect(logs.some(({ bytes }) => Buffer.from(bytes).includes('"level":"debug"'))).toBe(true);
    },
    START_TIMEOUT_MS,
  );

  it('are files that only their owner may read', () => {
    const files = [join(dataDir, 'operator-token'), ...readdirSync(join(dataDir, 'secrets')).map((name) => join(dataDir, 'secrets', name))];
    const privateKeys = readdirSync(join(dataDir, 'vendor')).filter((name) => name.endsWith('.private.json'));
    for (const file of [...files, ...privateKeys.map((name) => join(dataDir, 'vendor', name))]) expect([file, statSync(file).mode & PRIVATE_MODE]).toEqual([file, 0]);
  });
});
