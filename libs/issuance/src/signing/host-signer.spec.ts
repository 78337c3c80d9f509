import type { DomainEvent, EventOf, RecordedEvent } from '@muster/contracts';
import { encodeBody, eventCatalogue, typedColumnsOf } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { hostFold } from '@muster/domain';
import { DAY_SECONDS, SECOND_MS, toInstant, toNumericDate } from '@muster/kernel';
import { aConfirmedHost, aHostCertificate, aKey, anEvent, fixedClock, hostActivated, TEST_START_MS } from '@muster/testing';
import { signSigningKey, verifyLease } from '@muster/trust';
import { answerActivation, createHostSigner, signingKeysOf } from '../index.js';

const given = (...events: readonly DomainEvent[]): HostState => events.reduce(hostFold.evolve, hostFold.initialState());

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
  const clock = fixedClock();
  const { rootKey, hostKey, certificate } = await aHostCertificate();
  const [next, third] = [aKey('next'), aKey('third')];
  const keys = signingKeysOf(hostKey, next, third);
  const root = rootKey.publicJwk;
  const signer = createHostSigner({ root, keys, clock });
  const activated = hostActivated(certificate);
  const announced = async (key: typeof next) =>
    anEvent('SigningKeyAnnounced', { kid: key.id, key: key.publicJwk.x, delegation: await signSigningKey({ hostKey, publicKey: key.publicJwk, iat: toNumericDate(clock.nowMs()) }), announcedAt: toInstant(TEST_START_MS) });
  const changed = (kid: string, previous: string, reason: 'rotation' | 'compromise' = 'rotation') =>
    anEvent('SigningKeyChanged', { kid, previous, reason, repeatsUntil: toInstant(TEST_START_MS + DAY_SECONDS * SECOND_MS) });
  const grantBy = (kid: string): EventOf<'ActivationGranted'> => {
    const example = anEvent('ActivationGranted');
    return { ...example, data: { ...example.data, kid, basis: { ...example.data.basis, certificate: certificate.digest } } };
  };
  const leaseOf = async (kid: string, host: HostState): Promise<string> => {
    const answer = await answerActivation(recordedOf(grantBy(kid)), { host, signer });
    if (answer.outcome !== 'granted') throw new Error(answer.outcome);
    return answer.lease;
  };
  const signedBy = async (lease: string): Promise<readonly string[]> => (await verifyLease(lease, { root, atMs: TEST_START_MS })).keys;
  return { clock, root, rootKey, hostKey, certificate, next, third, keys, signer, activated, announced, changed, leaseOf, signedBy };
};

describe('a host may decide', () => {
  it('by the certificate that the vendor signed, with the key that its ledger names', async () => {
    const { signer, activated, announced, changed, next, hostKey } = await setUp();
    expect(await signer.objection(given())).toBeUndefined();
    expect(await signer.objection(given(activated))).toBeUndefined();
    expect(await signer.objection(given(activated, await announced(next), changed(next.id, hostKey.id)))).toBeUndefined();
  });

  it('by a certificate of an intermediate, too', async () => {
    const { vendor, hostKey, certificate } = await aConfirmedHost();
    const signer = createHostSigner({ root: vendor.rootKey.publicJwk, keys: signingKeysOf(hostKey), clock: fixedClock() });
    const { intermediate } = certificate;
    const activated = anEvent('HostActivated', { host: hostKey.id, certificate: certificate.jws, certificateDigest: certificate.digest, claims: certificate.claims, ...(intermediate === undefined ? {} : { intermediate }) });
    expect(await signer.objection(given(activated))).toBeUndefined();
    const { intermediate: _without, ...data } = activated.data;
    expect(await signer.objection(given({ type: 'HostActivated', data }))).toMatchObject({ kind: 'host-certificate-not-valid' });
  });
});

describe('a host refuses to decide', () => {
  it('by a threshold that somebody edited in its ledger', async () => {
    const { signer, activated } = await setUp();
    const products = activated.data.claims.products.map((product) => ({ ...product, threshold: 1 }));
    const edited = { ...activated, data: { ...activated.data, claims: { ...activated.data.claims, products } } };
    expect(await signer.objection(given(edited))).toMatchObject({ kind: 'host-certificate-not-valid', detail: expect.stringContaining('its policies were changed') as unknown });
  });

  it('by the certificate of another vendor', async () => {
    const { signer } = await setUp();
    const { certificate } = await aHostCertificate({}, { seed: 'another vendor' });
    expect(await signer.objection(given(hostActivated(certificate)))).toMatchObject({ kind: 'host-certificate-not-valid' });
  });

  it('with a key that it does not hold, as of the moment that this key signs', async () => {
    const { signer, keys, activated, announced, changed, next, hostKey } = await setUp();
    await keys.forget(next.id);
    expect(await signer.objection(given(activated, await announced(next)))).toBeUndefined();
    expect(await signer.objection(given(activated, await announced(next), changed(next.id, hostKey.id)))).toMatchObject({ kind: 'unavailable' });
  });

  it('once the vendor took its certificate, its key or its signing key back', async () => {
    const { signer, activated, announced, changed, next, hostKey, certificate } = await setUp();
    const revoked = (list: Partial<EventOf<'RevocationListInstalled'>['data']>) => anEvent('RevocationListInstalled', { certificates: [], keys: [], ...list });
    const rotated = [activated, await announced(next), changed(next.id, hostKey.id)];
    for (const list of [{ certificates: [certificate.claims.jti] }, { keys: [hostKey.id] }, { keys: [next.id] }]) {
      expect(await signer.objection(given(...rotated, revoked(list)))).toMatchObject({ kind: 'host-revoked' });
    }
    expect(await signer.objection(given(...rotated, revoked({ keys: [aKey('somebody else').id] })))).toBeUndefined();
  });
});

describe('a repeat', () => {
  it('is the same bytes while the key that signed first may sign, and the same outcome of today’s key afterwards', async () => {
    const { clock, activated, announced, changed, next, hostKey, leaseOf, signedBy } = await setUp();
    const first = await leaseOf(hostKey.id, given(activated));
    const rotated = given(activated, await announced(next), changed(next.id, hostKey.id));
    expect(await leaseOf(hostKey.id, rotated)).toBe(first);
    clock.advance(DAY_SECONDS);
    const later = await leaseOf(hostKey.id, rotated);
    expect(later).not.toBe(first);
    expect(await signedBy(first)).not.toContain(next.id);
    expect(await signedBy(later)).toContain(next.id);
    const claimsOf = (lease: string): Record<string, unknown> => JSON.parse(Buffer.from(lease.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
    const { signer: _delegation, ...outcome } = claimsOf(later);
    expect(outcome).toEqual(claimsOf(first));
  });

  it('of what a compromised key signed is signed by today’s key at once', async () => {
    const { activated, announced, changed, next, third, hostKey, leaseOf, signedBy } = await setUp();
    const before = [activated, await announced(next), changed(next.id, hostKey.id), await announced(third)];
    expect(await signedBy(await leaseOf(next.id, given(...before)))).toContain(next.id);
    expect(await signedBy(await leaseOf(next.id, given(...before, changed(third.id, next.id, 'compromise'))))).toContain(third.id);
  });

  it('of a decision under a host key that was replaced is signed under today’s certificate, if that was valid then; else a new request is needed', async () => {
    const { root, rootKey, clock, certificate, activated, hostKey, leaseOf } = await setUp();
    const anew = await aHostCertificate({}, { hostSeed: 'a new key pair' });
    expect(anew.rootKey.id).toBe(rootKey.id);
    const signer = createHostSigner({ root, keys: signingKeysOf(anew.hostKey), clock });
    const decision = { kid: hostKey.id, certificateDigest: certificate.digest, issuedAtMs: TEST_START_MS };
    const { key, certificate: under } = await signer.signatureFor(decision, given(activated, hostActivated(anew.certificate)));
    expect([key.id, under.digest]).toEqual([anew.hostKey.id, anew.certificate.digest]);
    const later = await aHostCertificate({}, { hostSeed: 'a new key pair', nowMs: TEST_START_MS + DAY_SECONDS * SECOND_MS });
    await expect(signer.signatureFor(decision, given(activated, hostActivated(later.certificate)))).rejects.toMatchObject({ kind: 'request-id-conflict' });
    await expect(leaseOf(hostKey.id, given())).rejects.toThrow('never activated');
  });
});
