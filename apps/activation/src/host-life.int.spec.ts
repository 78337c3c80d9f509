import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestServers } from '@muster/devstack';
import { testServers } from '@muster/devstack';
import type { NewEvent } from '@muster/event-store';
import { DAY_SECONDS, systemClock, toNumericDate } from '@muster/kernel';
import { aKey, anActivationKey, anEvent, aVendor, eventually, hostActivated, hostPolicies } from '@muster/testing';
import { developmentHostCertificate, generateKeyPair, signingKeyFile, signSigningKey, verifyHostProof, verifyLease, writePrivateKeyFile } from '@muster/trust';
import type { OpenHost } from './open-host.fixture.js';
import { openHost } from './open-host.fixture.js';

const START_TIMEOUT_MS = 120_000;

const dir = mkdtempSync(join(tmpdir(), 'muster-host-life-'));
let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await servers?.stop();
  rmSync(dir, { recursive: true, force: true });
}, START_TIMEOUT_MS);

const withHost = async (seed: string, use: (host: OpenHost) => Promise<void>, recordedBefore: readonly NewEvent[] = []): Promise<void> => {
  const host = await openHost({ servers, dir, seed, recordedBefore });
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
      withHost('goes-on', async ({ ask, prove, order, confirmation, activate, types, hostKey, root }) => {
        const nonce = randomBytes(32).toString('base64url');
        await expect(prove(nonce)).rejects.toMatchObject({ kind: 'host-not-activated' });
        await activate();
        // Of the replica that answers, which reads on without anybody's asking.
        await eventually(async () => expect(await verifyHostProof(await prove(nonce), { root, nonce, atMs: systemClock.nowMs() })).toMatchObject({ host: hostKey.id }));
        await expect(prove('short')).rejects.toMatchObject({ kind: 'malformed-request' });
        const renewed = await confirmation(2, 730);
        expect(await order.confirm(renewed.confirmation)).toMatchObject({ recorded: true });
        expect(await order.retire()).toMatchObject({ recorded: true });
        expect(await order.retire()).toMatchObject({ recorded: false });
        await eventually(async () => expect(await Promise.allSettled([1, 2, 3, 4].map(() => prove(nonce)))).toEqual([1, 2, 3, 4].map(() => ({ status: 'rejected', reason: expect.objectContaining({ kind: 'host-retired' }) as unknown }))));
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
      withHost('revoked', async ({ ask, order, activate, confirmation, hostKey, place, types, readiness, vendor }) => {
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
        await expect(order.confirm((await confirmation(2)).confirmation)).rejects.toMatchObject({ kind: 'host-revoked' });
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
        recordedBefore,
      );
    },
    START_TIMEOUT_MS,
  );
});
