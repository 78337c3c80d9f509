import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostConfirmation, RequestActivation, TallyAnswer, TallyRequest } from '@muster/contracts';
import {
  activationAnswerSchema,
  hostConfirmedAnswerSchema,
  hostKeyInstalledAnswerSchema,
  hostRetiredAnswerSchema,
  revocationsInstalledAnswerSchema,
  signingKeyAnnouncedAnswerSchema,
  signingKeyChangedAnswerSchema,
  subjects,
  tallyRequestSchema,
} from '@muster/contracts';
import type { FreshDatabase, TestServers } from '@muster/devstack';
import { freePort, freshDatabase, testServers } from '@muster/devstack';
import type { EventStore, NewEvent } from '@muster/event-store';
import { createPostgresEventStore, migrate } from '@muster/event-store';
import { DAY_SECONDS, MINUTE_SECONDS, systemClock, toNumericDate } from '@muster/kernel';
import type { Bus } from '@muster/messaging';
import { connectBus } from '@muster/messaging';
import type { RunningService } from '@muster/service';
import { commonConfig, createLogger, defineConfig, startService } from '@muster/service';
import { aKey, anActivationKey, anEvent, aVendor, eventually, hostActivated, hostPolicies } from '@muster/testing';
import { contentDigestOf, developmentHostCertificate, generateKeyPair, signHostConfirmation, signingKeyFile, signRevocationList, signSigningKey, verifyLease, writePrivateKeyFile, writePublicKeyFile } from '@muster/trust';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { activationConfig } from './activation.config.js';
import { ActivationModule } from './activation.module.js';

const LEDGER = 'main';
const START_TIMEOUT_MS = 120_000;
const ACTOR = 'operator:test';

/** In the place of the counting service: the pool is always full. */
@Controller()
class FullPool {
  @MessagePattern(subjects.countingTally)
  tally(@Payload({ schema: tallyRequestSchema }) { arrivals }: TallyRequest): TallyAnswer {
    return { status: 'tallied', counts: arrivals.map(() => ({ physical: 25, virtual: 0 })) };
  }
}

@Module({ controllers: [FullPool] })
class FullPoolModule {}

const dir = mkdtempSync(join(tmpdir(), 'muster-host-life-'));
const silent = createLogger({ service: 'test', level: 'fatal' });
let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await servers?.stop();
  rmSync(dir, { recursive: true, force: true });
}, START_TIMEOUT_MS);

/** A ledger of its own, two activation services on it, and an administrator on the bus. */
const openHost = async (name: string, { recordedBefore = [], seed = name }: { readonly recordedBefore?: readonly NewEvent[]; readonly seed?: string } = {}) => {
  const vendor = await aVendor({ seed });
  const hostKey = aKey(`host-life:${seed}`);
  const place = mkdtempSync(join(dir, `${name}-`));
  const files = { root: join(place, 'root.json'), key: join(place, 'key.json') };
  await writePublicKeyFile(files.root, vendor.rootKey.publicJwk);
  await writePrivateKeyFile(files.key, hostKey);
  const database: FreshDatabase = await freshDatabase(servers.databaseUrl);
  const role = { name: `service_${database.name}`, password: 'not-a-secret' };
  await migrate({ url: database.url, ledgers: [LEDGER], serviceRole: role });
  const url = new URL(database.url);
  [url.username, url.password] = [role.name, role.password];
  const store: EventStore = createPostgresEventStore({ url: url.href, clock: systemClock, applicationName: 'muster-test' });
  if (recordedBefore.length > 0) {
    const nowMs = systemClock.nowMs();
    await store.append({ ledger: LEDGER, expectedHead: await store.head(LEDGER), recordedAtMs: nowMs, nowMs, events: recordedBefore, requests: [], personal: [] });
  }
  const common = async () => ({ MUSTER_HTTP_ADDRESS: '127.0.0.1', MUSTER_HTTP_PORT: String(await freePort()), MUSTER_NATS_URL: servers.natsUrl, MUSTER_LEDGER: LEDGER, MUSTER_LOG_LEVEL: 'fatal' });
  const env = { MUSTER_SERVICE_DATABASE_URL: url.href, MUSTER_VENDOR_ROOT_FILE: files.root, MUSTER_HOST_KEY_FILE: files.key, MUSTER_SIGNING_KEYS_DIR: place };
  const counting = await startService({ name: 'counting', config: defineConfig(commonConfig), module: FullPoolModule, env: await common() });
  const replicas: RunningService[] = [];
  for (let replica = 0; replica < 2; replica += 1) replicas.push(await startService({ name: 'activation', config: activationConfig, module: ActivationModule, env: { ...(await common()), ...env } }));
  const bus: Bus = connectBus({ url: servers.natsUrl, name: 'test', inboxPrefix: '_INBOX_gateway', log: silent });
  const readiness = async (): Promise<readonly { readonly status: number; readonly host: string }[]> =>
    Promise.all(
      replicas.map(async (replica) => {
        const response = await fetch(`${replica.url}/readyz`);
        const { checks } = (await response.json()) as { readonly checks: readonly { readonly name: string; readonly detail?: string }[] };
        return { status: response.status, host: checks.find((check) => check.name === 'host')?.detail ?? '' };
      }),
    );
  const ask = (machine: string) => {
    const content = { product: 'acme.workstation', virtual: false, citedLease: null };
    const request: RequestActivation = {
      ...content,
      machine: aKey(`machine:${machine}`).id,
      requestId: randomUUID(),
      audience: null,
      issuedAt: toNumericDate(systemClock.nowMs()),
      contentDigest: contentDigestOf({ kind: 'activation', ...content, evidence: null }),
      hostname: machine,
      address: null,
    };
    return bus.request(subjects.activationRequest, request, { schema: activationAnswerSchema, timeoutMs: 5000 });
  };
  const confirmation = async (serial: number, validDays = 365): Promise<{ policies: string; keyId: string; confirmation: HostConfirmation }> => {
    const policies = await hostPolicies(vendor);
    const issuedAt = Math.floor(toNumericDate(systemClock.nowMs()) / MINUTE_SECONDS) * MINUTE_SECONDS;
    return { policies: policies.jws, keyId: policies.claims.keyId, confirmation: await signHostConfirmation({ policies, hostPublicKey: hostKey.publicJwk, serial, issuedAt, validDays, vendorKey: vendor.vendorKey }) };
  };
  const order = {
    installKey: (policies: string, keyId: string) =>
      bus.request(subjects.hostInstallKey, { keyId, keyEnding: anActivationKey().ending, policies, actor: ACTOR }, { schema: hostKeyInstalledAnswerSchema, timeoutMs: 5000 }),
    confirm: (made: HostConfirmation) => bus.request(subjects.hostConfirm, { confirmation: made, actor: ACTOR }, { schema: hostConfirmedAnswerSchema, timeoutMs: 5000 }),
    retire: () => bus.request(subjects.hostRetire, { reason: 'replaced', actor: ACTOR }, { schema: hostRetiredAnswerSchema, timeoutMs: 5000 }),
    announce: (delegation: string) => bus.request(subjects.hostAnnounceKey, { delegation, actor: ACTOR }, { schema: signingKeyAnnouncedAnswerSchema, timeoutMs: 5000 }),
    change: (kid: string, reason: 'rotation' | 'compromise') => bus.request(subjects.hostChangeKey, { kid, reason, actor: ACTOR }, { schema: signingKeyChangedAnswerSchema, timeoutMs: 5000 }),
    revoke: async (sequence: number, keys: string[], by = vendor) => {
      const claims = { iss: 'development-vendor', iat: toNumericDate(systemClock.nowMs()), sequence, certificates: [], keys, chain: by.chain };
      const list = await signRevocationList({ claims, vendorKey: by.vendorKey });
      return bus.request(subjects.hostInstallRevocations, { list, actor: ACTOR }, { schema: revocationsInstalledAnswerSchema, timeoutMs: 5000 });
    },
  };
  const types = async (): Promise<readonly string[]> => (await store.read({ ledger: LEDGER, after: 0, limit: 100 })).map(({ type }) => type);
  const activate = async (): Promise<void> => {
    const made = await confirmation(1);
    await order.installKey(made.policies, made.keyId);
    await order.confirm(made.confirmation);
  };
  const stop = async (): Promise<void> => {
    await bus.close();
    for (const service of [...replicas, counting]) await service.stop();
    await store.close();
    await database.drop();
  };
  return { vendor, hostKey, place, ask, order, confirmation, activate, readiness, types, stop, root: vendor.rootKey.publicJwk };
};

type OpenHost = Awaited<ReturnType<typeof openHost>>;

const withHost = async (name: string, use: (host: OpenHost) => Promise<void>, options?: Parameters<typeof openHost>[1]): Promise<void> => {
  const host = await openHost(name, options);
  try {
    await eventually(async () => expect((await host.readiness()).every((one) => one.host !== '' && one.host !== 'the ledger is not read yet')).toBe(true));
    await use(host);
  } finally {
    await host.stop();
  }
};

describe('the life of a host, on PostgreSQL and NATS with two replicas', () => {
  it(
    'begins without a certificate: ready, with nothing decided or recorded, until a confirmation is applied',
    () =>
      withHost('begins', async ({ ask, order, confirmation, readiness, types, root }) => {
        for (const one of await readiness()) expect(one).toEqual({ status: 200, host: expect.stringMatching(/^not-activated: /) as unknown });
        for (let times = 0; times < 4; times += 1) await expect(ask('early')).rejects.toMatchObject({ kind: 'host-not-activated' });
        expect(await types()).toEqual([]);

        const made = await confirmation(1);
        await expect(order.confirm(made.confirmation)).rejects.toMatchObject({ kind: 'host-key-missing' });
        await expect(order.installKey(made.policies, anActivationKey('host', 'another').keyId)).rejects.toMatchObject({ kind: 'policies-not-valid' });
        const foreign = await hostPolicies(await aVendor({ seed: 'somebody else' }));
        await expect(order.installKey(foreign.jws, foreign.claims.keyId)).rejects.toMatchObject({ kind: 'policies-not-valid' });
        expect(await order.installKey(made.policies, made.keyId)).toMatchObject({ recorded: true, organisation: 'development' });
        expect(await order.installKey(made.policies, made.keyId)).toMatchObject({ recorded: false });

        await expect(order.confirm({ ...made.confirmation, serial: 2 })).rejects.toMatchObject({ kind: 'confirmation-not-valid' });
        expect(await order.confirm(made.confirmation)).toMatchObject({ recorded: true });
        expect(await order.confirm(made.confirmation)).toMatchObject({ recorded: false });
        const granted = await ask('punctual');
        if (granted.outcome !== 'granted') throw new Error(granted.outcome);
        await verifyLease(granted.lease, { root, atMs: systemClock.nowMs() });
        expect(await types()).toEqual(['HostKeyInstalled', 'HostActivated', 'ActivationRequested', 'ActivationGranted']);
        await eventually(async () => expect((await readiness()).map(({ host }) => host)).toEqual([expect.stringContaining('is active'), expect.stringContaining('is active')]));
      }),
    START_TIMEOUT_MS,
  );

  it(
    'goes on with a renewed certificate, ends with its retirement, and begins again with a new activation',
    () =>
      withHost('goes-on', async ({ ask, order, confirmation, activate, types }) => {
        await activate();
        const renewed = await confirmation(2, 730);
        expect(await order.confirm(renewed.confirmation)).toMatchObject({ recorded: true });
        expect(await order.retire()).toMatchObject({ recorded: true });
        expect(await order.retire()).toMatchObject({ recorded: false });
        for (let times = 0; times < 4; times += 1) await expect(ask(`late-${times}`)).rejects.toMatchObject({ kind: 'host-retired' });
        await expect(order.confirm(renewed.confirmation)).rejects.toMatchObject({ kind: 'confirmation-not-valid' });
        await order.confirm((await confirmation(3)).confirmation);
        expect((await ask('back')).outcome).toBe('granted');
        expect((await types()).filter((type) => type === 'HostActivated')).toHaveLength(3);
      }),
    START_TIMEOUT_MS,
  );

  it(
    'changes its signing key by what lies in the directory, and issues nothing once the vendor revokes what it signs with',
    () =>
      withHost('revoked', async ({ ask, order, activate, hostKey, place, types, readiness, vendor }) => {
        await activate();
        const key = generateKeyPair();
        const delegation = await signSigningKey({ hostKey, publicKey: key.publicJwk, iat: toNumericDate(systemClock.nowMs()) });
        await expect(order.announce(await signSigningKey({ hostKey: generateKeyPair(), publicKey: key.publicJwk, iat: 0 }))).rejects.toMatchObject({ kind: 'signing-key-not-usable' });
        expect(await order.announce(delegation)).toMatchObject({ recorded: true, kid: key.id });
        await expect(order.change(key.id, 'rotation')).rejects.toMatchObject({ kind: 'signing-key-not-usable', detail: expect.stringContaining('does not find') as unknown });
        await writePrivateKeyFile(signingKeyFile(place, key.id), key);
        await expect(order.change(key.id, 'rotation')).rejects.toMatchObject({ kind: 'signing-key-not-usable', retryAfterSeconds: expect.any(Number) as unknown });

        expect((await ask('before')).outcome).toBe('granted');
        expect(await order.revoke(2, [hostKey.id])).toMatchObject({ recorded: true, sequence: 2 });
        await expect(order.revoke(1, [])).rejects.toMatchObject({ kind: 'revocations-not-valid' });
        await expect(order.revoke(3, [], await aVendor({ seed: 'somebody else' }))).rejects.toMatchObject({ kind: 'revocations-not-valid' });
        const before = await types();
        for (let times = 0; times < 4; times += 1) await expect(ask(`after-${times}`)).rejects.toMatchObject({ kind: 'host-revoked' });
        expect(await types()).toEqual(before);
        await eventually(async () => expect(await readiness()).toEqual([0, 1].map(() => ({ status: 503, host: expect.stringMatching(/^revoked: /) as unknown }))));
        // The vendor takes it back: with a later list.
        await order.revoke(4, [], vendor);
        expect((await ask('again')).outcome).toBe('granted');
      }),
    START_TIMEOUT_MS,
  );

  it(
    'does not go on by a ledger in which somebody edited a threshold: not ready, with the reason, and nothing is decided',
    async () => {
      const [vendor, hostKey] = [await aVendor({ seed: 'edited', intermediateSeed: 'none' }), aKey('host-life:edited')];
      const certificate = await developmentHostCertificate({ vendorKey: vendor.rootKey, hostPublicKey: hostKey.publicJwk, nowMs: systemClock.nowMs() - DAY_SECONDS });
      const { data } = hostActivated(certificate);
      const products = data.claims.products.map((product) => ({ ...product, threshold: 1 }));
      const event = anEvent('HostActivated', { ...data, claims: { ...data.claims, products } });
      const recordedBefore = [{ event, actor: 'service:activation', requestId: null, causedByPrevious: false }];
      await withHost(
        'edited',
        async ({ ask, readiness, types }) => {
          await eventually(async () => expect(await readiness()).toEqual([0, 1].map(() => ({ status: 503, host: expect.stringMatching(/^certificate-refused: .*its policies were changed/) as unknown }))));
          for (let times = 0; times < 4; times += 1) await expect(ask('hopeful')).rejects.toMatchObject({ kind: 'host-certificate-not-valid' });
          expect(await types()).toEqual(['HostActivated']);
        },
        { recordedBefore, seed: 'edited' },
      );
    },
    START_TIMEOUT_MS,
  );
});
