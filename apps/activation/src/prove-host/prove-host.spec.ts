import type { DomainEvent } from '@muster/contracts';
import { hostFold } from '@muster/domain';
import { createHostSigner, signingKeysOf } from '@muster/issuance';
import { DAY_SECONDS, SECOND_MS, toInstant, toNumericDate } from '@muster/kernel';
import { aConfirmedHost, aHostCertificate, aKey, anEvent, fixedClock, hostActivated, TEST_START_MS } from '@muster/testing';
import type { SigningKey } from '@muster/trust';
import { signSigningKey, verifyHostProof } from '@muster/trust';
import { proveHost } from './prove-host.js';

const NONCE = Buffer.alloc(32, 9).toString('base64url');
const DAY_MS = DAY_SECONDS * SECOND_MS;

const setUp = async () => {
  const { rootKey, hostKey, certificate } = await aHostCertificate({ renewalGraceSeconds: DAY_SECONDS });
  const next = aKey('next');
  const root = rootKey.publicJwk;
  const delegation = await signSigningKey({ hostKey, publicKey: next.publicJwk, iat: toNumericDate(TEST_START_MS) });
  const announced = anEvent('SigningKeyAnnounced', { kid: next.id, key: next.publicJwk.x, delegation, announcedAt: toInstant(TEST_START_MS) });
  const changed = anEvent('SigningKeyChanged', { kid: next.id, previous: hostKey.id, reason: 'rotation', repeatsUntil: toInstant(TEST_START_MS + DAY_MS) });
  const prove = (events: readonly DomainEvent[], { nowMs = TEST_START_MS, held = [hostKey, next] }: { readonly nowMs?: number; readonly held?: readonly [SigningKey, ...SigningKey[]] } = {}) =>
    proveHost({ host: events.reduce(hostFold.evolve, hostFold.initialState()), signer: createHostSigner({ root, keys: signingKeysOf(...held), clock: fixedClock() }), nonce: NONCE, nowMs });
  return { root, hostKey, next, certificate, activated: hostActivated(certificate), rotated: [announced, changed], prove };
};

describe('a host that is asked to prove itself', () => {
  it('does, with the key that signs its leases now', async () => {
    const { root, hostKey, next, activated, rotated, prove } = await setUp();
    const judge = async (proof: string) => (await verifyHostProof(proof, { root, nonce: NONCE, atMs: TEST_START_MS })).keys;
    expect(await judge(await prove([activated]))).toEqual([hostKey.id]);
    expect(await judge(await prove([activated, ...rotated]))).toEqual([hostKey.id, next.id]);
    await expect(prove([activated, ...rotated], { held: [hostKey] })).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('brings the intermediate that certified it', async () => {
    const { vendor, hostKey, certificate } = await aConfirmedHost();
    const root = vendor.rootKey.publicJwk;
    const { jws, digest, claims, intermediate } = certificate;
    if (intermediate === undefined) throw new Error('the vendor has no intermediate');
    const activated = anEvent('HostActivated', { host: hostKey.id, certificate: jws, certificateDigest: digest, claims, intermediate });
    const host = hostFold.evolve(hostFold.initialState(), activated);
    const proof = await proveHost({ host, signer: createHostSigner({ root, keys: signingKeysOf(hostKey), clock: fixedClock() }), nonce: NONCE, nowMs: TEST_START_MS });
    expect(await verifyHostProof(proof, { root, nonce: NONCE, atMs: TEST_START_MS })).toMatchObject({ host: hostKey.id });
  });

  it('does so while its certificate is good, to the end of its renewal grace', async () => {
    const { activated, certificate, prove } = await setUp();
    const endMs = certificate.claims.exp * SECOND_MS + DAY_MS;
    await expect(prove([activated], { nowMs: endMs - 1 })).resolves.toEqual(expect.any(String));
    await expect(prove([activated], { nowMs: endMs })).rejects.toMatchObject({ kind: 'host-certificate-not-valid' });
    await expect(prove([activated], { nowMs: certificate.claims.nbf * SECOND_MS - 1 })).rejects.toMatchObject({ kind: 'host-certificate-not-valid' });
  });

  it('proves nothing before its activation, after its retirement, or when the vendor took it back', async () => {
    const { hostKey, activated, certificate, prove } = await setUp();
    await expect(prove([])).rejects.toMatchObject({ kind: 'host-not-activated' });
    await expect(prove([activated, anEvent('HostRetired')])).rejects.toMatchObject({ kind: 'host-retired' });
    const revoked = (what: { readonly certificates?: string[]; readonly keys?: string[] }) => anEvent('RevocationListInstalled', { certificates: [], keys: [], ...what });
    await expect(prove([activated, revoked({ keys: [hostKey.id] })])).rejects.toMatchObject({ kind: 'host-revoked' });
    await expect(prove([activated, revoked({ certificates: [certificate.claims.jti] })])).rejects.toMatchObject({ kind: 'host-revoked' });
    await expect(prove([activated, revoked({ keys: [aKey('another').id] })])).resolves.toEqual(expect.any(String));
  });
});
