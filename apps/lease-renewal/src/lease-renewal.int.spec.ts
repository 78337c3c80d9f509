import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RenewLease, TallyAnswer, TallyRequest } from '@muster/contracts';
import { leasesPageSchema, renewalAnswerSchema, statisticsAnswerSchema, subjects, tallyRequestSchema } from '@muster/contracts';
import type { FreshDatabase, TestServers } from '@muster/devstack';
import { freePort, freshDatabase, testServers } from '@muster/devstack';
import type { EventStore } from '@muster/event-store';
import { createPostgresEventStore, migrate } from '@muster/event-store';
import { DAY_SECONDS, SECOND_MS, systemClock, toInstant, toNumericDate } from '@muster/kernel';
import type { Bus } from '@muster/messaging';
import { connectBus } from '@muster/messaging';
import type { RunningService } from '@muster/service';
import { commonConfig, createLogger, defineConfig, startService } from '@muster/service';
import { aHostCertificate, aMachine, anEvent, eventually, hostActivated } from '@muster/testing';
import { contentDigestOf, digestOf, signLease, verifyLease, writePrivateKeyFile, writePublicKeyFile } from '@muster/trust';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { leaseRenewalConfig } from './lease-renewal.config.js';
import { LeaseRenewalModule } from './lease-renewal.module.js';

const LEDGER = 'main';
const START_TIMEOUT_MS = 120_000;
const LEASE_SECONDS = 180 * DAY_SECONDS;

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

const machine = aMachine('renewed');
const expiring = aMachine('expiring');
const dir = mkdtempSync(join(tmpdir(), 'muster-lease-renewal-'));
const silent = createLogger({ service: 'test', level: 'fatal' });
let servers: TestServers;
let database: FreshDatabase;
let store: EventStore;
let bus: Bus;
const running: RunningService[] = [];
let vendor: Awaited<ReturnType<typeof aHostCertificate>>;

const leaseIds = { renewed: randomUUID() as string, expiring: randomUUID() as string };
const issuedAt = toNumericDate(systemClock.nowMs());

const serviceUrl = async (): Promise<string> => {
  const role = { name: `service_${database.name}`, password: 'not-a-secret' };
  await migrate({ url: database.url, ledgers: [LEDGER], serviceRole: role });
  const url = new URL(database.url);
  [url.username, url.password] = [role.name, role.password];
  return url.href;
};

/** A host with two leases: one that has just begun, and one that has just run out. */
const fillLedger = async (): Promise<void> => {
  const grant = (leaseId: string, holder: string, endsInSeconds: number) =>
    anEvent('ActivationGranted', {
      leaseId,
      machine: holder,
      kid: vendor.hostKey.id,
      issuedAt: toInstant(issuedAt * SECOND_MS),
      expiresAt: toInstant((issuedAt + endsInSeconds) * SECOND_MS),
    });
  const events = [hostActivated(vendor.certificate), grant(leaseIds.renewed, machine.id, LEASE_SECONDS), grant(leaseIds.expiring, expiring.id, 0)];
  const nowMs = systemClock.nowMs();
  const recorded = events.map((event) => ({ event, actor: 'service:test', requestId: null, causedByPrevious: false }));
  await store.append({ ledger: LEDGER, expectedHead: await store.head(LEDGER), recordedAtMs: nowMs, nowMs, events: recorded, requests: [], personal: [] });
};

beforeAll(async () => {
  servers = await testServers();
  database = await freshDatabase(servers.databaseUrl);
  vendor = await aHostCertificate({}, { nowMs: systemClock.nowMs() });
  const files = { root: join(dir, 'root.json'), key: join(dir, 'key.json'), certificate: join(dir, 'certificate.jws') };
  await writePublicKeyFile(files.root, vendor.rootKey.publicJwk);
  await writePrivateKeyFile(files.key, vendor.hostKey);
  writeFileSync(files.certificate, vendor.certificate.jws);
  const url = await serviceUrl();
  store = createPostgresEventStore({ url, clock: systemClock, applicationName: 'muster-test' });
  await fillLedger();
  const common = async () => ({ MUSTER_HTTP_ADDRESS: '127.0.0.1', MUSTER_HTTP_PORT: String(await freePort()), MUSTER_NATS_URL: servers.natsUrl, MUSTER_LEDGER: LEDGER, MUSTER_LOG_LEVEL: 'fatal' });
  running.push(await startService({ name: 'counting', config: defineConfig(commonConfig), module: FullPoolModule, env: await common() }));
  const env = { MUSTER_SERVICE_DATABASE_URL: url, MUSTER_VENDOR_ROOT_FILE: files.root, MUSTER_HOST_KEY_FILE: files.key, MUSTER_HOST_CERTIFICATE_FILE: files.certificate };
  for (let replica = 0; replica < 2; replica += 1) {
    running.push(await startService({ name: 'lease-renewal', config: leaseRenewalConfig, module: LeaseRenewalModule, env: { ...(await common()), ...env } }));
  }
  bus = connectBus({ url: servers.natsUrl, name: 'test', inboxPrefix: '_INBOX_gateway', log: silent });
}, START_TIMEOUT_MS);

afterAll(async () => {
  await bus?.close();
  for (const service of running) await service.stop();
  await store?.close();
  await database?.drop();
  await servers?.stop();
  rmSync(dir, { recursive: true, force: true });
}, START_TIMEOUT_MS);

const eventsOf = async (holder: string): Promise<readonly string[]> => (await store.read({ ledger: LEDGER, after: 0, limit: 100, machine: holder })).map(({ type }) => type);

const heldLease = (): Promise<string> =>
  signLease(
    {
      iss: vendor.hostKey.id,
      sub: machine.id,
      aud: 'acme.workstation',
      iat: issuedAt,
      exp: issuedAt + LEASE_SECONDS,
      jti: leaseIds.renewed,
      count: 25,
      threshold: 25,
      position: 2,
      head: Buffer.alloc(32).toString('base64url'),
      cnf: { jkt: machine.id },
      chain: [vendor.certificate.jws],
    },
    vendor.hostKey,
  );

describe('the lease-renewal service on PostgreSQL and NATS', () => {
  it('is ready once it has read its ledger', async () => {
    for (const { url } of running) await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200));
  });

  it('renews a lease, and answers the same request with the same bytes, whichever replica gets it', async () => {
    const lease = await heldLease();
    const command: RenewLease = {
      machine: machine.id,
      requestId: randomUUID(),
      leaseId: leaseIds.renewed,
      lease,
      audience: null,
      issuedAt: toNumericDate(systemClock.nowMs()),
      contentDigest: contentDigestOf({ kind: 'renewal', virtual: false, citedLease: digestOf(lease), evidence: null }),
      virtual: false,
      drawnFor: null,
      hostname: machine.hostname,
      address: '127.0.0.1',
    };
    const renew = () => bus.request(subjects.leaseRenew, command, { schema: renewalAnswerSchema, timeoutMs: 5000 });
    const answer = await renew();
    if (answer.outcome !== 'renewed') throw new Error(answer.outcome);
    expect((await verifyLease(answer.lease, { root: vendor.rootKey.publicJwk, atMs: systemClock.nowMs(), machine: machine.id })).claims.renews).toBe(leaseIds.renewed);
    for (let again = 0; again < 6; again += 1) expect(await renew()).toEqual(answer);
    expect(await eventsOf(machine.id)).toEqual(['ActivationGranted', 'ActivationRequested', 'ActivationRenewed']);
    expect(await store.readPersonalData(LEDGER, machine.id)).toMatchObject([{ hostname: machine.hostname }]);
    const { leases } = await bus.request(subjects.leaseList, { machine: machine.id, limit: 10 }, { schema: leasesPageSchema, timeoutMs: 5000 });
    expect(leases.map(({ leaseId, standing }) => [leaseId, standing])).toEqual([[answer.leaseId, 'running']]);
  });

  it('records the end of a lease once, with two scanners, and has no lag afterwards', async () => {
    await eventually(async () => expect(await eventsOf(expiring.id)).toEqual(['ActivationGranted', 'ActivationExpired']));
    for (const { url } of running.slice(1)) {
      await eventually(async () => expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^muster_expiry_lag_seconds(\{.*\})? 0$/m));
    }
    expect(await eventsOf(expiring.id)).toHaveLength(2);
  });

  it('tells the same totals from whichever replica, as of the head', async () => {
    const read = () => bus.request(subjects.statisticsRead, {}, { schema: statisticsAnswerSchema, timeoutMs: 5000 });
    const { requests, others, position } = await read();
    expect(position).toBe((await store.head(LEDGER)).position);
    expect(requests).toMatchObject({ received: 3, failed: 0, byLicenceState: { unlicensed: 2, licensed: 1 }, byOutcome: { granted: 2, renewed: 1 } });
    expect(others).toEqual({ leasesForceReleased: 0, leasesExpired: 1, machinesRetired: 0 });
    for (let again = 0; again < 6; again += 1) expect(await read()).toMatchObject({ position, requests, others });
  });
});
