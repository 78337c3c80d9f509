import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostStatisticsSchema } from '@muster/contracts';
import { createPostgresEventStore } from '@muster/event-store';
import { systemClock } from '@muster/kernel';
import type { TestMachine } from '@muster/testing';
import { aFleet, aHostCertificate, anEvent } from '@muster/testing';
import { writePrivateKeyFile, writePublicKeyFile } from '@muster/trust';
import { POOL, SERVER, signWish, WORKSTATION } from '../fleet/wish.js';
import type { Host } from '../host/host.js';
import { startHost } from '../host/host.js';
import { jsonOf, problemOf } from '../host/host-api.js';
import { assertGapless, assertHashChain, factOf, outcomesByRequest, recountDecisions } from '../ledger/audit-ledger.js';

const START_TIMEOUT_MS = 240_000;

const dir = mkdtempSync(join(tmpdir(), 'muster-refusals-'));
const dataDir = join(dir, 'data');
const [first, second, third] = aFleet(3, 'refusals') as [TestMachine, TestMachine, TestMachine];
let host: Host;

/** As a vendor's files would be put there: this host may serve workstations and nothing above them. */
const placeCertificate = async (): Promise<void> => {
  const { rootKey, hostKey, certificate } = await aHostCertificate({ coversGroup: 'acme-workstation' }, { nowMs: systemClock.nowMs() });
  const vendor = join(dataDir, 'vendor');
  mkdirSync(vendor, { recursive: true, mode: 0o700 });
  await writePublicKeyFile(join(vendor, 'vendor-root.public.json'), rootKey.publicJwk);
  await writePrivateKeyFile(join(vendor, 'host-key.private.json'), hostKey);
  writeFileSync(join(vendor, 'host-certificate.jws'), certificate.jws);
};

/** What an administrator's command will record; there is no route for it yet. */
const retireHost = async (): Promise<void> => {
  const password = readFileSync(join(dataDir, 'secrets', 'service-database-password'), 'utf8').trim();
  const [postgres] = host.partsOf('postgres');
  const { host: id, ledger } = await host.api.describe();
  const store = createPostgresEventStore({ url: `postgres://muster_service:${password}@127.0.0.1:${postgres?.port}/postgres`, applicationName: 'story', clock: systemClock });
  try {
    const nowMs = systemClock.nowMs();
    const expectedHead = await store.head(ledger);
    const event = { event: anEvent('HostRetired', { host: id ?? '' }), actor: 'operator:story', requestId: null, causedByPrevious: false };
    const { outcome } = await store.append({ ledger, expectedHead, recordedAtMs: Math.max(expectedHead.recordedAtMs, nowMs), nowMs, events: [event], requests: [], personal: [] });
    expect(outcome).toBe('appended');
  } finally {
    await store.close();
  }
};

const expectRefused = async (machine: TestMachine, { product, reason, status }: { product: string; reason: string; status: number }): Promise<void> => {
  const head = await host.api.head();
  const { jws } = await signWish(machine, { product });
  const answer = await host.api.postRequest(jws);
  expect([answer.status, problemOf(answer).code]).toEqual([status, reason]);
  // The request and its refusal, with the reason; and nothing more when it comes again.
  const { events, head: newHead } = await host.api.ledger();
  expect(newHead).toBe(head + 2);
  expect(events.slice(head).map(factOf)).toMatchObject([{ type: 'ActivationRequested' }, { type: 'ActivationRefused', data: { machine: machine.id, product, reason } }]);
  const again = problemOf(await host.api.postRequest(jws));
  expect({ ...again, traceId: undefined }).toEqual({ ...problemOf(answer), traceId: undefined });
  expect(await host.api.head()).toBe(newHead);
};

/** Well-formed requests for known products that the host cannot serve: an administrator wants to see them, so they are recorded. */
describe('a request that the host may not serve', () => {
  beforeAll(async () => {
    await placeCertificate();
    host = await startHost({ dataDir });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await host?.end();
    rmSync(dir, { recursive: true, force: true });
  }, START_TIMEOUT_MS);

  it('is recorded as refused where the certificate covers a lower product group, and the machine is not counted', async () => {
    expect((await host.api.describe()).claims?.coversGroup).toBe('acme-workstation');
    expect(await host.api.activate((await signWish(first, { product: WORKSTATION })).jws)).toMatchObject({ outcome: 'deferred', count: 1 });
    await expectRefused(second, { product: SERVER, reason: 'product-not-covered', status: 403 });
    expect((await host.api.count(POOL)).count).toBe(1);
  });

  it('is recorded as refused from the moment the host is retired; what was decided before is answered as before', async () => {
    const before = await signWish(second, { product: WORKSTATION });
    const answer = await host.api.activate(before.jws);
    expect(answer).toMatchObject({ outcome: 'deferred', count: 2 });
    await retireHost();
    await expectRefused(third, { product: WORKSTATION, reason: 'host-retired', status: 410 });
    expect(await host.api.activate(before.jws)).toEqual(answer);
    expect(await host.api.describe()).toMatchObject({ status: 'retired' });
    expect((await host.api.count(POOL)).count).toBe(2);
  });

  it('leaves a ledger that is whole', async () => {
    const { events, head } = await host.api.ledger();
    assertGapless(events, head);
    assertHashChain(events);
    expect(outcomesByRequest(events).size).toBe(4);
    expect(recountDecisions(events)).toMatchObject({ granted: 0, deferred: 2 });
  });

  it('is counted among the failed ones, by its reason, and once', async () => {
    const { requests } = hostStatisticsSchema.parse(jsonOf(await host.api.operatorCall('/v1/statistics')));
    expect(requests).toMatchObject({
      received: 4,
      failed: 2,
      failedByReason: { 'product-not-covered': 1, 'host-retired': 1, 'host-certificate-not-valid': 0 },
      byLicenceState: { unlicensed: 4 },
      byOutcome: { deferred: 2, refused: 2 },
    });
  });
});
