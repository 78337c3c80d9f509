import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import { compactVerify, importJWK } from 'jose';
import { certificateStandingAt, generateKeyPair, issueHostCertificate, verifyHostCertificate } from '../index.js';
import { aVendor, forge, NOW, NOW_MS, refusalOf } from '../tokens/tokens.fixture.js';

const YEAR_MS = 365 * DAY_SECONDS * SECOND_MS;

describe('a host certificate', () => {
  it('is believed by whoever pins the vendor that signed it', async () => {
    const { rootKey, certificate } = await aVendor();
    expect(await verifyHostCertificate(certificate.jws, { root: rootKey.publicJwk, atMs: NOW_MS })).toEqual(certificate.claims);
  });

  it('is a compact JWS that jose verifies, with exactly alg, typ and kid', async () => {
    const { rootKey, certificate } = await aVendor();
    const { protectedHeader } = await compactVerify(certificate.jws, await importJWK({ ...rootKey.publicJwk }, 'EdDSA'));
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'muster-host-certificate+jwt', kid: rootKey.id });
  });

  it('is not believed by whoever pins another vendor', async () => {
    const [{ certificate }, other] = await Promise.all([aVendor(), aVendor()]);
    expect(await refusalOf(verifyHostCertificate(certificate.jws, { root: other.rootKey.publicJwk, atMs: NOW_MS }))).toBe('unknown-key');
  });

  it("is not believed with another vendor's signature under this vendor's kid", async () => {
    const { rootKey, certificate } = await aVendor();
    const forged = forge({ alg: 'EdDSA', typ: 'muster-host-certificate+jwt', kid: rootKey.id }, certificate.claims, generateKeyPair());
    expect(await refusalOf(verifyHostCertificate(forged, { root: rootKey.publicJwk, atMs: NOW_MS }))).toBe('signature-invalid');
  });

  it('is valid from nbf on and before exp', () => {
    const validity = { nbf: NOW, exp: NOW + 10 };
    const standings = [-1, 0, 9_999, 10_000].map((offsetMs) => certificateStandingAt(validity, NOW_MS + offsetMs));
    expect(standings).toEqual(['not-yet-valid', 'valid', 'valid', 'expired']);
  });

  it('stays verifiable as history after its end', async () => {
    const { rootKey, certificate } = await aVendor();
    const root = rootKey.publicJwk;
    expect(await refusalOf(verifyHostCertificate(certificate.jws, { root, atMs: NOW_MS + YEAR_MS }))).toBe('expired');
    expect(await refusalOf(verifyHostCertificate(certificate.jws, { root, atMs: NOW_MS - YEAR_MS }))).toBe('not-yet-valid');
    await expect(verifyHostCertificate(certificate.jws, { root, atMs: 'any-time' })).resolves.toEqual(certificate.claims);
  });

  it('names the key that it certifies, when issued and when verified', async () => {
    const { rootKey, certificate } = await aVendor();
    const claims = { ...certificate.claims, sub: generateKeyPair().id };
    await expect(issueHostCertificate({ claims, vendorKey: rootKey })).rejects.toThrow('not the thumbprint');
    const forged = forge({ alg: 'EdDSA', typ: 'muster-host-certificate+jwt', kid: rootKey.id }, claims, rootKey);
    expect(await refusalOf(verifyHostCertificate(forged, { root: rootKey.publicJwk, atMs: NOW_MS }))).toBe('host-mismatch');
  });

  it('is not issued for policies that contradict themselves', async () => {
    await expect(aVendor({ coversGroup: 'acme-toaster' })).rejects.toThrow('acme-toaster');
  });
});
