import type { DomainEvent, EventOf, RecordedEvent } from '@muster/contracts';
import { encodeBody, eventCatalogue, typedColumnsOf } from '@muster/contracts';
import { hostFold } from '@muster/domain';
import { isProblem, SECOND_MS, toInstant } from '@muster/kernel';
import { aHostCertificate, anEvent, fixedClock, hostActivated, TEST_START_MS } from '@muster/testing';
import { verifyLease, verifyReceipt } from '@muster/trust';
import { answerActivation, answerRelease, answerRenewal, createHostSigner, signingKeysOf } from '../index.js';

const recordedOf = (event: DomainEvent): RecordedEvent => ({
  ledger: 'main',
  position: 7,
  recordedAtMs: TEST_START_MS,
  type: event.type,
  version: eventCatalogue[event.type].version,
  actor: 'service:test',
  requestId: '00000000-0000-4000-8000-00000000000a',
  causationId: 6,
  body: encodeBody(event),
  columns: typedColumnsOf(event),
  leafHash: Buffer.alloc(32, 1),
  runningHash: Buffer.alloc(32, 2),
});

const setUp = async () => {
  const { rootKey, hostKey, certificate } = await aHostCertificate();
  const signer = createHostSigner({ root: rootKey.publicJwk, keys: signingKeysOf(hostKey), clock: fixedClock() });
  const parts = { host: hostFold.evolve(hostFold.initialState(), hostActivated(certificate)), signer };
  const event = <T extends 'ActivationGranted' | 'ActivationDeferred' | 'ActivationRenewed' | 'RenewalDeferred'>(type: T): EventOf<T> => {
    const example = anEvent(type) as EventOf<'ActivationGranted'>;
    return { type, data: { ...example.data, kid: hostKey.id, basis: { ...example.data.basis, certificate: certificate.digest } } } as EventOf<T>;
  };
  return { root: rootKey.publicJwk, parts, event };
};

describe('the answer to a recorded outcome', () => {
  it.each(['ActivationGranted', 'ActivationDeferred', 'ActivationRenewed', 'RenewalDeferred'] as const)('%s is the same bytes every time', async (type) => {
    const { parts, event } = await setUp();
    expect(await answerRenewal(recordedOf(event(type)), parts)).toEqual(await answerRenewal(recordedOf(event(type)), parts));
  });

  it.each(['ActivationGranted', 'ActivationRenewed'] as const)('%s has the instant of each duration beside it, counted from the issue', async (type) => {
    const { parts, event } = await setUp();
    const answer = await answerRenewal(recordedOf(event(type)), parts);
    if (!('lease' in answer)) throw new Error(answer.outcome);
    const { issuedAt, renewAfterSeconds, renewAt, renewalWindow, retryAfterSeconds, retryAt } = answer;
    const { opensAfterSeconds, opensAt, closesAfterSeconds, closesAt } = renewalWindow;
    const at = (seconds: number): string => toInstant(Date.parse(issuedAt) + seconds * SECOND_MS);
    expect([renewAt, opensAt, closesAt, retryAt]).toEqual([renewAfterSeconds, opensAfterSeconds, closesAfterSeconds, retryAfterSeconds].map(at));
  });

  it.each(['ActivationDeferred', 'RenewalDeferred'] as const)('%s has the instant to come back at beside the delay, counted from the decision', async (type) => {
    const { parts, event } = await setUp();
    const { retryAfterSeconds, retryAt } = await answerRenewal(recordedOf(event(type)), parts);
    expect([retryAfterSeconds, retryAt]).toEqual([6300, toInstant(TEST_START_MS + 6300 * SECOND_MS)]);
  });

  it('of a renewal is a lease that names the one it renews; of a grant one that names none', async () => {
    const { root, parts, event } = await setUp();
    const [renewed, granted] = [await answerRenewal(recordedOf(event('ActivationRenewed')), parts), await answerActivation(recordedOf(event('ActivationGranted')), parts)];
    if (renewed.outcome !== 'renewed' || granted.outcome !== 'granted') throw new Error(`${renewed.outcome}, ${granted.outcome}`);
    const claimsOf = async (lease: string) => (await verifyLease(lease, { root, atMs: TEST_START_MS })).claims;
    expect((await claimsOf(renewed.lease)).renews).toBe(anEvent('ActivationRenewed').data.renewedLease);
    expect(await claimsOf(granted.lease)).not.toHaveProperty('renews');
  });

  it('of a deferral is a receipt that says which of the two it was', async () => {
    const { root, parts, event } = await setUp();
    for (const [type, outcome] of [['ActivationDeferred', 'deferred'], ['RenewalDeferred', 'renewal-deferred']] as const) {
      const answer = await answerRenewal(recordedOf(event(type)), parts);
      if (!('receipt' in answer)) throw new Error(answer.outcome);
      expect([answer.outcome, (await verifyReceipt(answer.receipt, { root })).claims.outcome]).toEqual([outcome, outcome]);
    }
  });

  it('of a release says when it was recorded', () => {
    const { leaseId } = anEvent('ActivationReleased').data;
    expect(answerRelease(recordedOf(anEvent('ActivationReleased')))).toEqual({ outcome: 'released', leaseId, releasedAt: toInstant(TEST_START_MS) });
  });

  it("of a refusal for want of qualification is the vendor's own remedy, as the certificate has it that the refusal was decided by", async () => {
    const detailWith = async (remedy: { readonly remedy?: string }): Promise<string> => {
      const { certificate: plain } = await aHostCertificate();
      const [first, ...others] = plain.claims.products;
      if (first === undefined) throw new Error('no product');
      const { rootKey, hostKey, certificate } = await aHostCertificate({ products: [{ ...first, qualification: { table: 'SLIC', marker: 'ACME PRO', unreadable: 'refuse', ...remedy } }, ...others] });
      const host = hostFold.evolve(hostFold.initialState(), hostActivated(certificate));
      const signer = createHostSigner({ root: rootKey.publicJwk, keys: signingKeysOf(hostKey), clock: fixedClock() });
      const { data } = anEvent('ActivationRefused', { product: first.name, reason: 'qualification-missing' });
      const event = { type: 'ActivationRefused', data: { ...data, basis: { ...data.basis, certificate: certificate.digest } } } as const;
      const refusal: unknown = await Promise.resolve().then(() => answerActivation(recordedOf(event), { host, signer })).catch((error: unknown) => error);
      if (!isProblem(refusal, 'qualification-missing')) throw new Error('not refused', { cause: refusal });
      return refusal.detail;
    };
    expect(await detailWith({ remedy: 'Order part 4711.' })).toMatch(/does not show that the machine qualifies for it\. Order part 4711\.$/);
    expect(await detailWith({})).toContain('Ask the vendor for a full licence');
  });

  it('of a refusal is its reason, and of anything else a failure', async () => {
    const { parts } = await setUp();
    const failureOf = (event: DomainEvent): unknown => {
      try {
        void answerActivation(recordedOf(event), parts);
      } catch (error) {
        return error;
      }
      return undefined;
    };
    expect(isProblem(failureOf(anEvent('ActivationRefused')), 'host-retired')).toBe(true);
    expect(String(failureOf(anEvent('ActivationExpired')))).toContain('ActivationExpired at position 7');
    expect(() => answerRelease(recordedOf(anEvent('ActivationExpired')))).toThrow('is not the outcome');
  });
});
