import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnrolmentTokenMade } from '@muster/contracts';
import { enrolmentTokenEntrySchema, enrolmentTokenMadeSchema, enrolmentTokensPageSchema } from '@muster/contracts';
import { HOUR_SECONDS, systemClock } from '@muster/kernel';
import type { TestMachine } from '@muster/testing';
import { aFleet, aMachine } from '@muster/testing';
import { generateKeyPair, proveEnrolment } from '@muster/trust';
import { firmwareTables } from '../fleet/firmware-tables.js';
import { POOL, SERVER, signRenewal, signWish } from '../fleet/wish.js';
import { certifyHost } from '../host/certify-host.js';
import type { Host } from '../host/host.js';
import { startHost } from '../host/host.js';
import { activationOf, decisionOf, jsonOf, problemOf } from '../host/host-api.js';
import { recountDecisions } from '../ledger/audit-ledger.js';
import { typeMuster } from '../muster/launch-muster.js';

const START_TIMEOUT_MS = 240_000;
const STORY_TIMEOUT_MS = 120_000;
const UPGRADE = 'acme.upgrade';
const REMEDY = 'Order part 4711.';

const intervals = { leaseSeconds: 180 * 24 * HOUR_SECONDS, renewAfterSeconds: 7 * 24 * HOUR_SECONDS, retryAfterSeconds: 2 * HOUR_SECONDS };

/** The vendor's policies are in the certificate alone: the host runs as it is. */
describe('a host whose vendor counts only enrolled machines, and licenses one product as an upgrade', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-enrolment-'));
  const dataDir = join(dir, 'data');
  let host: Host;
  let token: EnrolmentTokenMade;

  beforeAll(async () => {
    await certifyHost(dataDir, {
      vendorKey: generateKeyPair(),
      nowMs: systemClock.nowMs(),
      overrides: {
        pools: [{ name: POOL, countWindowSeconds: 30 * 24 * HOUR_SECONDS, countVirtualMachines: false, countOnlyEnrolled: true }],
        products: [
          { name: SERVER, group: 'acme-server', pool: POOL, threshold: 5, ...intervals },
          { name: UPGRADE, group: 'acme-server', pool: POOL, threshold: 1, ...intervals, qualification: { table: 'SLIC', marker: 'ACME PRO', unreadable: 'refuse', remedy: REMEDY } },
        ],
      },
    });
    host = await startHost({ dataDir });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await host.end();
    rmSync(dir, { recursive: true, force: true });
  }, START_TIMEOUT_MS);

  const ask = async (machine: TestMachine, enrolment?: string) =>
    host.api.postRequest((await signWish(machine, { product: SERVER }, enrolment === undefined ? {} : { enrolment: proveEnrolment(enrolment, machine.id) })).jws);
  const count = async (): Promise<number> => (await host.api.count(POOL)).count;
  const order = { headers: { 'content-type': 'application/json' } };

  it('makes a token for its operator, and for nobody else', async () => {
    const body = JSON.stringify({ maximumUses: 5, expiresInSeconds: HOUR_SECONDS });
    const made = await host.api.operatorCall('/v1/enrolment-tokens', { method: 'POST', ...order, body });
    expect(made.status).toBe(201);
    expect(made.headers.get('cache-control')).toBe('no-store');
    token = enrolmentTokenMadeSchema.parse(jsonOf(made));
    expect(problemOf(await host.api.call('/v1/enrolment-tokens', { method: 'POST', ...order, body })).code).toBe('unauthorized');
    const { token: _secret, ...entry } = token;
    expect(enrolmentTokensPageSchema.parse(jsonOf(await host.api.operatorCall('/v1/enrolment-tokens')))).toMatchObject({ tokens: [entry], machinesEnrolled: 0 });
  });

  it(
    'is not moved by a loop that makes a hundred keys; they are served once those who enrolled are enough',
    async () => {
      const loop = aFleet(100, 'loop');
      for (let first = 0; first < loop.length; first += 20) {
        const answers = await Promise.all(loop.slice(first, first + 20).map((machine) => ask(machine)));
        expect(new Set(answers.map((answer) => `${activationOf(answer).outcome} ${activationOf(answer).count}`))).toEqual(new Set(['deferred 0']));
      }
      expect(await count()).toBe(0);

      const enrolled = aFleet(5, 'enrolled');
      for (const [index, machine] of enrolled.entries()) expect(activationOf(await ask(machine, token.token)).count).toBe(index + 1);
      const sixth = aMachine('sixth');
      expect(problemOf(await ask(sixth, token.token)).code).toBe('enrolment-not-valid');

      const served = activationOf(await ask(loop[0] as TestMachine));
      if (served.outcome !== 'granted') throw new Error(served.outcome);
      expect(served.count).toBe(5);
      const renewed = decisionOf(await host.api.post(await signRenewal(loop[0] as TestMachine, { product: SERVER, leaseId: served.leaseId, lease: served.lease })));
      expect(renewed).toMatchObject({ outcome: 'renewed', count: 5 });
      expect(await count()).toBe(5);
    },
    STORY_TIMEOUT_MS,
  );

  it('enrols nobody by a token that was revoked', async () => {
    const made = await typeMuster(['enrolment', 'create', '--uses', '3', '--expires', '1h', '--data', dataDir]);
    const text = made.stdout.trim();
    expect(text).toMatch(/^muster_enrol_/);
    const [, tokenId = ''] = /Its id is (\S+)\./.exec(made.stderr) ?? [];
    const revoked = await host.api.operatorCall(`/v1/enrolment-tokens/${tokenId}`, { method: 'DELETE' });
    expect(enrolmentTokenEntrySchema.parse(jsonOf(revoked)).standing).toBe('revoked');
    expect(problemOf(await ask(aMachine('late'), text)).code).toBe('enrolment-not-valid');
    expect((await typeMuster(['enrolment', 'list', '--data', dataDir])).stdout).toMatch(/revoked +0 of 3[^]*5 machines enrolled\./);
  });

  it(
    'refuses the upgrade without the marker, with the remedy, and grants it with the marker or without any table',
    async () => {
      const activate = (name: string, flag: string | null) =>
        typeMuster(['machine', 'activate', '--dir', join(dir, name), '--product', UPGRADE, '--data', dataDir, '--evidence', firmwareTables(join(dir, `${name}-tables`), flag)]);
      const refused = await activate('other', 'WINDOWS');
      expect(refused.code).toBe(5);
      expect(refused.stderr).toContain(REMEDY);
      expect((await activate('marked', 'ACME PRO')).code).toBe(0);
      expect((await activate('bare', null)).code).toBe(0);
      const silent = await typeMuster(['machine', 'activate', '--dir', join(dir, 'silent'), '--product', UPGRADE, '--data', dataDir]);
      expect(silent.code).toBe(5);
    },
    STORY_TIMEOUT_MS,
  );

  it('leaves a ledger that an outsider counts to the same, and a replay too; the token is in neither it nor the log', async () => {
    const { events } = await host.api.ledger();
    expect(recountDecisions(events).counts.get(POOL)).toBe(5);
    expect(await host.api.replay()).toMatchObject({ equal: true });
    const secret = token.token.slice('muster_enrol_'.length);
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(readFileSync(join(dataDir, 'launcher.log'), 'utf8')).not.toContain(secret);
    const refusals = events.flatMap(({ data }) => ('reason' in data && data.reason === 'qualification-missing' ? [data] : []));
    expect(refusals).toHaveLength(2);
  });
});
