import { tokenTypes } from '@muster/contracts';
import type { LeaseClaims } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import { generateKeyPair, issueHostCertificate, issueIntermediateCertificate, signLease, signReceipt, signSigningKey, verifyHostCertificate, verifyLease, verifyReceipt } from '../index.js';
import type { SigningKey } from '../index.js';
import type { Chain } from './chain.fixture.js';
import { aChain, chainedLeaseClaims, hostClaims, intermediateClaims } from './chain.fixture.js';
import { forge, machineKey, NOW, NOW_MS, outcomeOf } from './tokens.fixture.js';

const header = (kid: string) => ({ alg: 'EdDSA', typ: tokenTypes.lease, kid });

let chain: Chain;
let other: Chain;
beforeAll(async () => {
  [chain, other] = await Promise.all([aChain(), aChain()]);
});

const judge = (lease: string, pinned: SigningKey = chain.rootKey) => outcomeOf(verifyLease(lease, { root: pinned.publicJwk, atMs: NOW_MS }));
const forged = (claims: object, key: SigningKey): string => forge(header(key.id), claims, key);
const lease = (overrides: Partial<LeaseClaims> = {}, of: Chain = chain) => chainedLeaseClaims(of, overrides);
const without = <T extends object>({ ...claims }: T, member: keyof T): object => {
  Reflect.deleteProperty(claims, member);
  return claims;
};

describe('a chain of full length', () => {
  it('is verified with nothing but the root, and names the keys that it rests on', async () => {
    const claims = lease();
    const expected = { claims, certificate: chain.certificateClaims, keys: [chain.hostKey.id, chain.signingKey.id, chain.intermediateKey.id] };
    expect(await verifyLease(await signLease(claims, chain.signingKey), { root: chain.rootKey.publicJwk, atMs: NOW_MS, machine: machineKey.id })).toEqual(expected);
    const { exp, cnf, ...decision } = claims;
    const receipt = await signReceipt({ ...decision, outcome: 'deferred' }, chain.signingKey);
    expect(await verifyReceipt(receipt, { root: chain.rootKey.publicJwk })).toMatchObject({ keys: expected.keys });
  });

  it('may leave out the delegated key, or the intermediate', async () => {
    const { signer, ...direct } = lease();
    expect(await judge(await signLease(direct, chain.hostKey))).toBe('believed');
    const ofRoot = await issueHostCertificate({ claims: chain.certificateClaims, vendorKey: chain.rootKey });
    expect(await judge(await signLease(lease({ chain: [ofRoot] }), chain.signingKey))).toBe('believed');
  });

  it('gives the same bytes for the same claims and key, and says another key’s word as well for an old outcome', async () => {
    expect(await signLease(lease(), chain.signingKey)).toBe(await signLease(lease(), chain.signingKey));
    const next = generateKeyPair();
    const later = await signSigningKey({ hostKey: chain.hostKey, publicKey: next.publicJwk, iat: NOW + DAY_SECONDS });
    expect(await judge(await signLease(lease({ signer: later }), next))).toBe('believed');
  });

  it('keeps the rules of length and grace', async () => {
    const lapsed = await aChain({ host: { exp: NOW, iat: NOW - DAY_SECONDS, nbf: NOW - DAY_SECONDS } });
    expect(await judge(await signLease(lease({}, lapsed), lapsed.signingKey), lapsed.rootKey)).toBe('certificate-not-valid');
    expect(await judge(await signLease(lease({ renews: lease().jti }, lapsed), lapsed.signingKey), lapsed.rootKey)).toBe('believed');
    expect(await judge(await signLease(lease({ exp: NOW + 181 * DAY_SECONDS }), chain.signingKey))).toBe('longer-than-policy');
  });
});

/** Who is not believed, by what their lease brings along. */
const breaks: readonly (readonly [what: string, made: () => string | Promise<string>, refusal: string])[] = [
  ['of another vendor, whole', () => forged(lease({}, other), other.signingKey), 'unknown-key'],
  ['of another vendor’s host under this vendor’s intermediate', () => forged(lease({ chain: [other.certificate, chain.intermediate] }, other), other.signingKey), 'unknown-key'],
  ['of another vendor’s intermediate', () => forged(lease({ chain: [chain.certificate, other.intermediate] }), chain.signingKey), 'unknown-key'],
  ['without the intermediate that signed', () => forged(lease({ chain: [chain.certificate] }), chain.signingKey), 'unknown-key'],
  ['with an intermediate that did not sign', () => certified({}, chain.rootKey), 'unknown-key'],
  ['with the links the other way round', () => forged(lease({ chain: [chain.intermediate, chain.certificate] }), chain.signingKey), 'wrong-type'],
  ['with a host certificate as intermediate', () => forged(lease({ chain: [chain.certificate, chain.certificate] }), chain.signingKey), 'wrong-type'],
  ['with a host that certified another host', () => selfMade(), 'wrong-type'],
  ['with an intermediate that an intermediate signed', () => secondIntermediate(), 'unknown-key'],
  ['with three links', () => forged(lease({ chain: [chain.certificate, chain.intermediate, chain.intermediate] }), chain.signingKey), 'chain-not-understood'],
  ['with no link', () => forged(lease({ chain: [] }), chain.signingKey), 'malformed'],
  ['signed by the intermediate', () => forged(lease(), chain.intermediateKey), 'unknown-key'],
  ['signed by the host key beside its word for another key', () => forged(lease(), chain.hostKey), 'unknown-key'],
  ['signed by a delegated key without the word', () => forged(without(lease(), 'signer'), chain.signingKey), 'unknown-key'],
  ['with another host’s word', () => forged(lease({ signer: other.word }), other.signingKey), 'unknown-key'],
  ['with the word of a delegated key for a third one', () => delegatedTwice(), 'unknown-key'],
  ['with a certificate in the place of the word', () => forged(lease({ signer: chain.certificate }), chain.signingKey), 'wrong-type'],
  ['with a word that names another key than it brings', () => mismatchedWord(), 'host-mismatch'],
  ['in the name of another host', () => forged(lease({ iss: other.hostKey.id }), chain.signingKey), 'host-mismatch'],
  ['in the name of the delegated key', () => forged(lease({ iss: chain.signingKey.id }), chain.signingKey), 'host-mismatch'],
];

/** The chain's host, certified anew: by whom, and for which claims. */
const certified = async (claims: Parameters<typeof hostClaims>[1], by: SigningKey, under: string = chain.intermediate): Promise<string> => {
  const certificate = await issueHostCertificate({ claims: hostClaims(chain.hostKey, claims), vendorKey: by });
  return forged(lease({ chain: [certificate, under] }), chain.signingKey);
};

const selfMade = async (): Promise<string> => {
  const rogue = generateKeyPair();
  const certificate = await issueHostCertificate({ claims: hostClaims(rogue), vendorKey: chain.hostKey });
  return forged(without(lease({ iss: rogue.id, chain: [certificate, chain.certificate] }), 'signer'), rogue);
};

const secondIntermediate = async (): Promise<string> => {
  const second = generateKeyPair();
  return certified({}, second, await issueIntermediateCertificate({ claims: intermediateClaims(second), rootKey: chain.intermediateKey }));
};

const delegatedTwice = async (): Promise<string> => {
  const third = generateKeyPair();
  const word = forge({ ...header(chain.signingKey.id), typ: tokenTypes.signingKey }, { iss: chain.hostKey.id, sub: third.id, iat: NOW, cnf: { jwk: third.publicJwk } }, chain.signingKey);
  return forged(lease({ signer: word }), third);
};

const mismatchedWord = (): string => {
  const word = forge({ ...header(chain.hostKey.id), typ: tokenTypes.signingKey }, { iss: chain.hostKey.id, sub: chain.signingKey.id, iat: NOW, cnf: { jwk: other.signingKey.publicJwk } }, chain.hostKey);
  return forged(lease({ signer: word }), other.signingKey);
};

describe('a lease is not believed', () => {
  it.each(breaks)('%s', async (_, made, refusal) => {
    expect(await judge(await made())).toBe(refusal);
  });

  it('for a product that the host’s group does not cover, or that nobody sells', async () => {
    const small = await aChain({ host: { coversGroup: 'acme-workstation' } });
    for (const aud of ['acme.server', 'acme.toaster']) expect(await judge(forged(lease({ aud }, small), small.signingKey), small.rootKey)).toBe('product-not-covered');
  });
});

const DAY = DAY_SECONDS;

/** Validity of the intermediate and of the certificate, in days from now. */
const validities: readonly (readonly [what: string, intermediate: readonly [from: number, to: number], host: readonly [issued: number, end: number], expected: string])[] = [
  ['ends with the certificate', [-1, 365], [0, 365], 'believed'],
  ['ends a second before the certificate', [-1, 365 - 1 / DAY], [0, 365], 'intermediate-not-valid'],
  ['begins with the certificate', [0, 365], [0, 365], 'believed'],
  ['begins a second after the certificate was issued', [1 / DAY, 365], [0, 365], 'intermediate-not-valid'],
  ['had ended when the certificate was issued', [-365, -1], [0, 365], 'intermediate-not-valid'],
];

describe('an intermediate', () => {
  it.each(validities)('that %s', async (_, [from, to], [issued, end], expected) => {
    const at = (days: number) => Math.round(NOW + days * DAY);
    const made = await aChain({ intermediate: { iat: at(from), nbf: at(from), exp: at(to) }, host: { iat: at(issued), nbf: at(issued) - 300, exp: at(end) } });
    expect(await judge(forged(lease({}, made), made.signingKey), made.rootKey)).toBe(expected);
    expect(await outcomeOf(verifyHostCertificate(made.certificate, { root: made.rootKey.publicJwk, atMs: NOW_MS, intermediate: made.intermediate }))).toBe(expected);
  });

  it('of another name signs nothing for this vendor', async () => {
    const made = await aChain({ intermediate: { iss: 'somebody-else' } });
    expect(await judge(forged(lease({}, made), made.signingKey), made.rootKey)).toBe('intermediate-not-valid');
  });

  it('that does not name its key is neither issued nor believed', async () => {
    const [key, rootKey] = [generateKeyPair(), chain.rootKey];
    const claims = intermediateClaims(key, { sub: chain.hostKey.id });
    await expect(issueIntermediateCertificate({ claims, rootKey })).rejects.toThrow('not named by the thumbprint');
    const intermediate = forge({ alg: 'EdDSA', typ: tokenTypes.intermediateCertificate, kid: rootKey.id }, claims, rootKey);
    expect(await outcomeOf(verifyHostCertificate(chain.certificate, { root: rootKey.publicJwk, atMs: NOW_MS, intermediate }))).toBe('intermediate-not-valid');
  });
});

describe('signing for a host', () => {
  it('takes its own key or one that it vouches for, and no other', async () => {
    expect(() => signLease(lease(), generateKeyPair())).toThrow('cannot be signed for');
    expect(() => signLease(lease({ signer: other.word }), chain.signingKey)).toThrow('cannot be signed for');
    expect(() => signLease(lease({ iss: other.hostKey.id }), chain.signingKey)).toThrow('cannot be signed for');
    // Nothing that was refused is remembered as good.
    expect(() => signLease(lease({ iss: other.hostKey.id }), chain.signingKey)).toThrow('cannot be signed for');
    await expect(signSigningKey({ hostKey: chain.hostKey, publicKey: chain.hostKey.publicJwk, iat: NOW })).rejects.toThrow('no word of its own');
  });

  it('ends with the certificate, whoever holds a delegated key', async () => {
    const claims = lease({ iat: NOW + 365 * DAY, exp: NOW + 400 * DAY });
    const later = await signLease(claims, chain.signingKey);
    expect(await outcomeOf(verifyLease(later, { root: chain.rootKey.publicJwk, atMs: (NOW + 366 * DAY) * SECOND_MS }))).toBe('certificate-not-valid');
  });
});
