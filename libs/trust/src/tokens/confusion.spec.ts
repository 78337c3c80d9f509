import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { generateKeyPair, signActivationRequest, signLease, signReceipt, TokenRefused, verifyHostCertificate, verifyLease, verifyReceipt } from '../index.js';
import type { DevelopmentVendor } from '../index.js';
import { aVendor, forge, leaseClaims, machineKey, NOW, NOW_MS, receiptClaims, refusalOf } from './tokens.fixture.js';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('confusing one thing for another', () => {
  let vendor: DevelopmentVendor;
  let other: DevelopmentVendor;
  let header: { readonly alg: string; readonly typ: string; readonly kid: string };

  const believe = (lease: string) => verifyLease(lease, { root: vendor.rootKey.publicJwk, atMs: NOW_MS });

  beforeAll(async () => {
    [vendor, other] = await Promise.all([aVendor(), aVendor()]);
    header = { alg: 'EdDSA', typ: 'muster-lease+jwt', kid: vendor.hostKey.id };
  });

  it('the forged tokens below differ from a good one in one thing only', async () => {
    await expect(believe(forge(header, leaseClaims(vendor), vendor.hostKey))).resolves.toBeDefined();
  });

  it.each(['none', 'None', 'HS256', 'Ed25519', 'ES256'])('alg %s', async (alg) => {
    expect(await refusalOf(believe(forge({ ...header, alg }, leaseClaims(vendor), vendor.hostKey)))).toBe('malformed');
  });

  it('alg none without a signature', async () => {
    expect(await refusalOf(believe(`${encode({ ...header, alg: 'none' })}.${encode(leaseClaims(vendor))}.`))).toBe('malformed');
  });

  it('an HMAC under the public key', async () => {
    const signed = `${encode({ ...header, alg: 'HS256' })}.${encode(leaseClaims(vendor))}`;
    const mac = createHmac('sha256', Buffer.from(vendor.hostKey.publicJwk.x, 'base64url')).update(signed).digest('base64url');
    expect(await refusalOf(believe(`${signed}.${mac}`))).toBe('malformed');
  });

  it.each<[string, object]>([
    ['jwk', { jwk: machineKey.publicJwk }],
    ['crit', { crit: ['exp'] }],
    ['jku', { jku: 'https://example.test/keys' }],
    ['x5u', { x5u: 'https://example.test/chain' }],
    ['b64', { b64: false }],
  ])('a header that also says %s', async (_, extra) => {
    expect(await refusalOf(believe(forge({ ...header, ...extra }, leaseClaims(vendor), vendor.hostKey)))).toBe('malformed');
  });

  it('a header without typ or kid', async () => {
    expect(await refusalOf(believe(forge({ alg: header.alg, kid: header.kid }, leaseClaims(vendor), vendor.hostKey)))).toBe('malformed');
    expect(await refusalOf(believe(forge({ alg: header.alg, typ: header.typ }, leaseClaims(vendor), vendor.hostKey)))).toBe('malformed');
  });

  it('a foreign key embedded in the header, and signed with', async () => {
    const foreign = generateKeyPair();
    expect(await refusalOf(believe(forge({ ...header, jwk: foreign.publicJwk }, leaseClaims(vendor), foreign)))).toBe('malformed');
    expect(await refusalOf(believe(forge({ ...header, kid: foreign.id }, leaseClaims(vendor), foreign)))).toBe('unknown-key');
    expect(await refusalOf(believe(forge(header, leaseClaims(vendor), foreign)))).toBe('signature-invalid');
  });

  it('the vendor signing where only the host may', async () => {
    expect(await refusalOf(believe(forge({ ...header, kid: vendor.rootKey.id }, leaseClaims(vendor), vendor.rootKey)))).toBe('unknown-key');
  });

  it("another vendor's host, with its own chain and with this vendor's", async () => {
    expect(await refusalOf(believe(await signLease(leaseClaims(other), other.hostKey)))).toBe('unknown-key');
    expect(await refusalOf(believe(await signLease(leaseClaims(other, { chain: [vendor.certificate.jws] }), other.hostKey)))).toBe('unknown-key');
  });

  it('an issuer that is not the host that signed', async () => {
    expect(await refusalOf(believe(forge(header, { ...leaseClaims(vendor), iss: other.hostKey.id }, vendor.hostKey)))).toBe('host-mismatch');
  });

  it('a chain with more in it than is verified, or with nothing', async () => {
    const claims = leaseClaims(vendor, { chain: [vendor.certificate.jws, other.certificate.jws, other.certificate.jws] });
    expect(await refusalOf(believe(await signLease(claims, vendor.hostKey)))).toBe('chain-not-understood');
    expect(await refusalOf(believe(forge(header, { ...claims, chain: [] }, vendor.hostKey)))).toBe('malformed');
  });

  it('a host certificate, a receipt or a request in the place of a lease', async () => {
    expect(await refusalOf(believe(vendor.certificate.jws))).toBe('wrong-type');
    expect(await refusalOf(believe(await signReceipt(receiptClaims(vendor), vendor.hostKey)))).toBe('wrong-type');
    const payload = { jti: receiptClaims(vendor).jti, iat: NOW, product: 'acme.server', machine: { hostname: 'ws-01', virtual: false } };
    expect(await refusalOf(believe(await signActivationRequest({ key: machineKey, payload })))).toBe('malformed');
  });

  it('the claims of one kind under the type of another', async () => {
    const root = vendor.rootKey.publicJwk;
    const as = (typ: string, payload: unknown, key = vendor.hostKey) => forge({ alg: 'EdDSA', typ, kid: key.id }, payload, key);
    expect(await refusalOf(believe(as('muster-receipt+jwt', leaseClaims(vendor))))).toBe('wrong-type');
    expect(await refusalOf(believe(as('JWT', leaseClaims(vendor))))).toBe('wrong-type');
    expect(await refusalOf(verifyReceipt(as('muster-lease+jwt', receiptClaims(vendor)), { root }))).toBe('wrong-type');
    expect(await refusalOf(verifyHostCertificate(as('muster-lease+jwt', vendor.certificate.claims, vendor.rootKey), { root, atMs: NOW_MS }))).toBe('wrong-type');
  });

  it('a claim that no schema knows', async () => {
    expect(await refusalOf(believe(forge(header, { ...leaseClaims(vendor), admin: true }, vendor.hostKey)))).toBe('malformed');
  });

  it('any one byte of a lease, a receipt or a certificate changed', async () => {
    const root = vendor.rootKey.publicJwk;
    const lease = await signLease(leaseClaims(vendor), vendor.hostKey);
    const receipt = await signReceipt(receiptClaims(vendor), vendor.hostKey);
    const kinds = [
      { token: lease, verify: believe },
      { token: receipt, verify: (token: string) => verifyReceipt(token, { root }) },
      { token: vendor.certificate.jws, verify: (token: string) => verifyHostCertificate(token, { root, atMs: 'any-time' }) },
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...kinds), fc.nat(), fc.integer({ min: 1, max: 255 }), async ({ token, verify }, at, flip) => {
        const bytes = Buffer.from(token);
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ flip;
        await expect(verify(bytes.toString('latin1'))).rejects.toBeInstanceOf(TokenRefused);
      }),
      { numRuns: 400 },
    );
  });

  it('the last character respelt: one token has one digest', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const lease = await signLease(leaseClaims(vendor), vendor.hostKey);
    const respelt = lease.slice(0, -1) + alphabet.charAt(alphabet.indexOf(lease.slice(-1)) + 1);
    expect(await refusalOf(believe(respelt))).toBe('malformed');
  });
});
