import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import { decodeJwt, importJWK, jwtVerify } from 'jose';
import { generateKeyPair, signLease, signReceipt, verifyLease, verifyReceipt } from '../index.js';
import { aVendor, leaseClaims, machineKey, NOW, NOW_MS, receiptClaims, refusalOf } from './tokens.fixture.js';

const END_MS = NOW_MS + 180 * DAY_SECONDS * SECOND_MS;

describe('a lease', () => {
  it("is verified offline with nothing but the vendor's root", async () => {
    const vendor = await aVendor();
    const claims = leaseClaims(vendor);
    const lease = await signLease(claims, vendor.hostKey);
    expect(await verifyLease(lease, { root: vendor.rootKey.publicJwk, atMs: NOW_MS })).toEqual({ claims, certificate: vendor.certificate.claims, keys: [vendor.hostKey.id] });
  });

  it('is a JWT that jose verifies with the host key, with exactly alg, typ and kid', async () => {
    const vendor = await aVendor();
    const lease = await signLease(leaseClaims(vendor), vendor.hostKey);
    const { protectedHeader } = await jwtVerify(lease, await importJWK({ ...vendor.hostKey.publicJwk }, 'EdDSA'), { currentDate: new Date(NOW_MS), typ: 'muster-lease+jwt' });
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'muster-lease+jwt', kid: vendor.hostKey.id });
  });

  it('is the same bytes for the same claims, in whatever order they were put together', async () => {
    const vendor = await aVendor();
    const claims = leaseClaims(vendor);
    const shuffled = Object.fromEntries(Object.entries(claims).reverse()) as typeof claims;
    expect(await signLease(shuffled, vendor.hostKey)).toBe(await signLease(claims, vendor.hostKey));
  });

  it('ends at exp, not before', async () => {
    const vendor = await aVendor();
    const lease = await signLease(leaseClaims(vendor), vendor.hostKey);
    const root = vendor.rootKey.publicJwk;
    await expect(verifyLease(lease, { root, atMs: END_MS - 1 })).resolves.toBeDefined();
    expect(await refusalOf(verifyLease(lease, { root, atMs: END_MS }))).toBe('expired');
  });

  it('outlives the certificate that was valid when it was made', async () => {
    const vendor = await aVendor({ exp: NOW + 1 });
    const lease = await signLease(leaseClaims(vendor), vendor.hostKey);
    await expect(verifyLease(lease, { root: vendor.rootKey.publicJwk, atMs: END_MS - 1 })).resolves.toBeDefined();
  });

  it.each([
    ['ended', { exp: NOW }],
    ['not begun', { nbf: NOW + 1 }],
  ])('is not believed when its certificate had %s at iat', async (_, validity) => {
    const vendor = await aVendor(validity);
    const lease = await signLease(leaseClaims(vendor), vendor.hostKey);
    expect(await refusalOf(verifyLease(lease, { root: vendor.rootKey.publicJwk, atMs: NOW_MS }))).toBe('certificate-not-valid');
  });

  it('is not believed when it is longer than the policy, so that nothing outlives certificate and lease length together', async () => {
    const vendor = await aVendor();
    const lease = await signLease(leaseClaims(vendor, { exp: NOW + 180 * DAY_SECONDS + 1 }), vendor.hostKey);
    expect(await refusalOf(verifyLease(lease, { root: vendor.rootKey.publicJwk, atMs: NOW_MS }))).toBe('longer-than-policy');
  });

  it.each(['acme.server', 'acme.toaster'])('is not believed for %s from a host that may serve workstations only', async (aud) => {
    const vendor = await aVendor({ coversGroup: 'acme-workstation' });
    const lease = await signLease(leaseClaims(vendor, { aud }), vendor.hostKey);
    expect(await refusalOf(verifyLease(lease, { root: vendor.rootKey.publicJwk, atMs: NOW_MS }))).toBe('product-not-covered');
  });

  it('is good for its own machine and product only', async () => {
    const vendor = await aVendor();
    const lease = await signLease(leaseClaims(vendor), vendor.hostKey);
    const options = { root: vendor.rootKey.publicJwk, atMs: NOW_MS };
    await expect(verifyLease(lease, { ...options, machine: machineKey.id, product: 'acme.workstation' })).resolves.toBeDefined();
    expect(await refusalOf(verifyLease(lease, { ...options, machine: generateKeyPair().id }))).toBe('not-meant-for-this');
    expect(await refusalOf(verifyLease(lease, { ...options, product: 'acme.server' }))).toBe('not-meant-for-this');
  });

  it('names one machine, not two', async () => {
    const vendor = await aVendor();
    const lease = await signLease(leaseClaims(vendor, { cnf: { jkt: generateKeyPair().id } }), vendor.hostKey);
    expect(await refusalOf(verifyLease(lease, { root: vendor.rootKey.publicJwk, atMs: NOW_MS }))).toBe('malformed');
  });

  it('is never signed with the key of another host', async () => {
    const vendor = await aVendor();
    expect(() => signLease(leaseClaims(vendor), generateKeyPair())).toThrow('cannot be signed for');
  });
});

describe('a receipt', () => {
  it('is verified as a lease is, and does not end', async () => {
    const vendor = await aVendor();
    const claims = receiptClaims(vendor);
    const receipt = await signReceipt(claims, vendor.hostKey);
    expect(await verifyReceipt(receipt, { root: vendor.rootKey.publicJwk, machine: machineKey.id })).toEqual({ claims, certificate: vendor.certificate.claims, keys: [vendor.hostKey.id] });
    expect(decodeJwt(receipt).exp).toBeUndefined();
    expect(await signReceipt({ ...claims }, vendor.hostKey)).toBe(receipt);
  });
});
