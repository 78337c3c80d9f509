import { tokenTypes } from '@muster/contracts';
import type { HostConfirmation, HostPoliciesClaims } from '@muster/contracts';
import { DAY_SECONDS, MINUTE_SECONDS, SECOND_MS } from '@muster/kernel';
import fc from 'fast-check';
import {
  certificateFromConfirmation,
  decodeConfirmation,
  encodeConfirmation,
  generateKeyPair,
  hostCertificateIdOf,
  issueHostPolicies,
  issueIntermediateCertificate,
  signHostConfirmation,
  verifyHostCertificate,
  verifyHostPolicies,
} from '../index.js';
import type { VerifiedHostPolicies } from '../index.js';
import { HOST_KEY_ID, intermediateClaims, policiesClaims } from '../tokens/chain.fixture.js';
import { forge, NOW, NOW_MS, outcomeOf } from '../tokens/tokens.fixture.js';

const rootKey = generateKeyPair();
const vendorKey = generateKeyPair();
const hostKey = generateKeyPair();
const root = rootKey.publicJwk;
const hostPublicKey = hostKey.publicJwk;
const numbers = { serial: 3, issuedAt: NOW, validDays: 365 };

const chainUntil = async (exp: number): Promise<string[]> => [await issueIntermediateCertificate({ claims: intermediateClaims(vendorKey, { exp }), rootKey })];

const policiesWith = async (overrides: Partial<HostPoliciesClaims> = {}): Promise<VerifiedHostPolicies> => {
  const jws = await issueHostPolicies({ claims: policiesClaims(await chainUntil(NOW + 730 * DAY_SECONDS), overrides), vendorKey });
  return verifyHostPolicies(jws, { root, atMs: NOW_MS });
};

let policies: VerifiedHostPolicies;
let confirmation: HostConfirmation;
beforeAll(async () => {
  policies = await policiesWith();
  confirmation = await signHostConfirmation({ policies, hostPublicKey, vendorKey, ...numbers });
});

const apply = (changed: Partial<Parameters<typeof certificateFromConfirmation>[0]> = {}) =>
  certificateFromConfirmation({ policies: policies.jws, hostPublicKey, confirmation, root, ...changed });

describe('a confirmation', () => {
  it('is serial, dates and signature, from which the host makes the certificate that the vendor signed', async () => {
    expect(confirmation).toEqual({ ...numbers, signature: confirmation.signature });
    const { jws, claims, intermediate } = await apply();
    expect(intermediate).toBe(policies.claims.chain[0]);
    expect(await verifyHostCertificate(jws, { root, atMs: NOW_MS, intermediate })).toEqual(claims);
    expect(claims).toMatchObject({
      ...{ sub: hostKey.id, jti: hostCertificateIdOf({ keyId: HOST_KEY_ID, serial: 3 }), iat: NOW, nbf: NOW - 5 * MINUTE_SECONDS, exp: NOW + 365 * DAY_SECONDS },
      ...{ organisation: 'development', coversGroup: 'acme-server', products: policies.claims.products, cnf: { jwk: hostPublicKey } },
    });
  });

  it('makes the same bytes however often it is applied, and however it came: read out too', async () => {
    const heard = decodeConfirmation(encodeConfirmation(confirmation));
    expect(heard.status === 'read' && (await apply({ confirmation: heard.confirmation }))).toEqual(await apply());
  });

  it('is of a root that signs itself, too', async () => {
    const jws = await issueHostPolicies({ claims: policiesClaims([]), vendorKey: rootKey });
    const ofRoot = await verifyHostPolicies(jws, { root, atMs: NOW_MS });
    const certificate = await apply({ policies: jws, confirmation: await signHostConfirmation({ policies: ofRoot, hostPublicKey, vendorKey: rootKey, ...numbers }) });
    expect(certificate.intermediate).toBeUndefined();
    await expect(verifyHostCertificate(certificate.jws, { root, atMs: NOW_MS })).resolves.toEqual(certificate.claims);
  });

  it('fits one host, one host key and one policies file only', async () => {
    expect(await outcomeOf(apply({ hostPublicKey: generateKeyPair().publicJwk }))).toBe('does-not-fit');
    const changes: readonly Partial<HostPoliciesClaims>[] = [{ keyId: Buffer.alloc(32, 4).toString('base64url') }, { coversGroup: 'acme-workstation' }, { organisation: 'another' }, { renewalGraceSeconds: 0 }];
    for (const changed of changes) expect(await outcomeOf(apply({ policies: (await policiesWith(changed)).jws }))).toBe('does-not-fit');
  });

  it('is refused with any of its numbers, or one bit of its signature, changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('serial' as const, 'issuedAt' as const, 'validDays' as const), fc.integer({ min: 1, max: 500 }), async (member, by) => {
        const changed = { ...confirmation, [member]: confirmation[member] + by * (member === 'issuedAt' ? MINUTE_SECONDS : 1) };
        expect(await outcomeOf(apply({ confirmation: changed }))).toBe('does-not-fit');
      }),
      { numRuns: 30 },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(511), async (bit) => {
        const signature = Buffer.from(confirmation.signature, 'base64url');
        signature[bit >> 3] = (signature[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(await outcomeOf(apply({ confirmation: { ...confirmation, signature: signature.toString('base64url') } }))).toBe('does-not-fit');
      }),
      { numRuns: 30 },
    );
  });

  it('is not applied with policies of another vendor', async () => {
    expect(await outcomeOf(apply({ root: generateKeyPair().publicJwk }))).toBe('unknown-key');
  });

  it('is not signed by another key than the policies, nor beyond the end of the intermediate, nor with numbers out of range', async () => {
    const sign = (changed: Partial<Parameters<typeof signHostConfirmation>[0]>) => signHostConfirmation({ policies, hostPublicKey, vendorKey, ...numbers, ...changed });
    await expect(sign({ vendorKey: rootKey })).rejects.toThrow(`not by ${rootKey.id}`);
    await expect(sign({ validDays: 731 })).rejects.toThrow('the intermediate ends before what it signed');
    await expect(sign({ issuedAt: NOW + 731 * DAY_SECONDS })).rejects.toThrow('the intermediate was not valid when it signed');
    await expect(sign({ issuedAt: NOW + 1 })).rejects.toThrow('a whole minute');
    await expect(sign({ serial: 0x100_0000 })).rejects.toThrow();
  });

  it('names its certificate by host key and serial: one id each, the same on every build', () => {
    const ids = Array.from({ length: 100 }, (_, serial) => hostCertificateIdOf({ keyId: HOST_KEY_ID, serial }));
    expect(new Set(ids).size).toBe(100);
    expect(ids[3]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids[3]).toMatchInlineSnapshot(`"25d044ff-af75-860c-916c-025162fe52f9"`);
  });
});

describe('a policies file', () => {
  it('is believed by whoever pins the root, and says who signed it', async () => {
    expect(policies).toMatchObject({ claims: { keyId: HOST_KEY_ID }, signer: vendorKey.publicJwk, intermediate: { sub: vendorKey.id }, keys: [vendorKey.id] });
  });

  it('is refused once a threshold in it was changed', async () => {
    const [first, ...others] = policies.claims.products;
    const changed = { ...policies.claims, products: [{ ...first, threshold: 1 }, ...others] };
    const [header = '', , signature = ''] = policies.jws.split('.');
    const tampered = [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
    expect(await outcomeOf(verifyHostPolicies(tampered, { root, atMs: 'any-time' }))).toBe('signature-invalid');
    expect(await outcomeOf(apply({ policies: tampered }))).toBe('signature-invalid');
  });

  it('is refused when it is dated ahead, or its intermediate is past its end', async () => {
    expect(await outcomeOf(verifyHostPolicies(policies.jws, { root, atMs: NOW_MS - 6 * MINUTE_SECONDS * SECOND_MS }))).toBe('not-yet-valid');
    expect(await outcomeOf(verifyHostPolicies(policies.jws, { root, atMs: NOW_MS - 4 * MINUTE_SECONDS * SECOND_MS }))).toBe('believed');
    expect(await outcomeOf(verifyHostPolicies(policies.jws, { root, atMs: NOW_MS + 730 * DAY_SECONDS * SECOND_MS }))).toBe('intermediate-not-valid');
    expect(await outcomeOf(verifyHostPolicies(policies.jws, { root, atMs: 'any-time' }))).toBe('believed');
  });

  it('is refused when its intermediate was not valid on its date', async () => {
    const chain = await chainUntil(NOW);
    await expect(issueHostPolicies({ claims: policiesClaims(chain), vendorKey })).rejects.toThrow('not valid when it signed');
    const forged = forge({ alg: 'EdDSA', typ: tokenTypes.hostPolicies, kid: vendorKey.id }, policiesClaims(chain), vendorKey);
    expect(await outcomeOf(verifyHostPolicies(forged, { root, atMs: 'any-time' }))).toBe('intermediate-not-valid');
  });

  it('is not signed with a key that its chain does not name', async () => {
    await expect(issueHostPolicies({ claims: policies.claims, vendorKey: rootKey })).rejects.toThrow(`the key is ${rootKey.id}`);
  });

  it('is not signed for a catalogue that contradicts itself', async () => {
    await expect(policiesWith({ coversGroup: 'acme-toaster' })).rejects.toThrow('acme-toaster');
  });
});
