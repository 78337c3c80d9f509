import { tokenTypes } from '@muster/contracts';
import type { PermanentLeaseClaims, RevocationListClaims } from '@muster/contracts';
import { DAY_SECONDS } from '@muster/kernel';
import {
  compareRevocationLists,
  generateKeyPair,
  hardwareDigestOf,
  isRevoked,
  signPermanentLease,
  signRevocationList,
  verifyPermanentLease,
  verifyRevocationList,
} from '../index.js';
import type { SigningKey } from '../index.js';
import type { Chain } from '../tokens/chain.fixture.js';
import { aChain } from '../tokens/chain.fixture.js';
import { forge, machineKey, NOW, outcomeOf } from '../tokens/tokens.fixture.js';

const ID = '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a10';
const OTHER_ID = '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a1f';

let chain: Chain;
beforeAll(async () => {
  chain = await aChain();
});
const root = () => chain.rootKey.publicJwk;

describe('a permanent lease', () => {
  const claimsOf = (overrides: Partial<PermanentLeaseClaims> = {}): PermanentLeaseClaims => ({
    ...{ iss: 'development-vendor', iat: NOW, sub: machineKey.id, aud: 'acme.workstation', jti: ID, permanent: true, organisation: 'acme' },
    ...{ cnf: { jkt: machineKey.id }, hardware: hardwareDigestOf({ board: machineKey.id }), position: 9, chain: [chain.intermediate] },
    ...overrides,
  });
  const signed = (overrides: Partial<PermanentLeaseClaims> = {}, key: SigningKey = chain.intermediateKey) => signPermanentLease({ claims: claimsOf(overrides), vendorKey: key });
  const forged = (claims: object) => forge({ alg: 'EdDSA', typ: tokenTypes.permanentLease, kid: chain.intermediateKey.id }, claims, chain.intermediateKey);

  it('is verified offline with nothing but the root, whether an intermediate signed it or the root itself', async () => {
    expect(await verifyPermanentLease(await signed(), { root: root(), machine: machineKey.id, product: 'acme.workstation' })).toMatchObject({
      claims: claimsOf(),
      keys: [chain.intermediateKey.id],
    });
    expect(await verifyPermanentLease(await signed({ chain: [] }, chain.rootKey), { root: root() })).toMatchObject({ signer: root(), keys: [] });
    expect(await signed()).toBe(await signed());
  });

  it.each<[string, () => object]>([
    ['with an exp', () => ({ ...claimsOf(), exp: NOW + DAY_SECONDS })],
    ['that does not say permanent', () => ({ ...claimsOf(), permanent: undefined })],
    ['that says permanent: false', () => ({ ...claimsOf(), permanent: false })],
    ['bound to another machine than it is for', () => claimsOf({ cnf: { jkt: generateKeyPair().id } })],
  ])('%s is none', async (_, claims) => {
    expect(await outcomeOf(verifyPermanentLease(forged(claims()), { root: root() }))).toBe('malformed');
  });

  it('is good for its own machine and product only', async () => {
    expect(await outcomeOf(verifyPermanentLease(await signed(), { root: root(), machine: generateKeyPair().id }))).toBe('not-meant-for-this');
    expect(await outcomeOf(verifyPermanentLease(await signed(), { root: root(), product: 'acme.server' }))).toBe('not-meant-for-this');
  });

  it('is not the vendor’s when a host signed it, or an intermediate that had ended', async () => {
    const asHost = forge({ alg: 'EdDSA', typ: tokenTypes.permanentLease, kid: chain.hostKey.id }, claimsOf({ chain: [chain.certificate] }), chain.hostKey);
    expect(await outcomeOf(verifyPermanentLease(asHost, { root: root() }))).toBe('wrong-type');
    expect(await outcomeOf(verifyPermanentLease(forged(claimsOf({ iat: NOW + 730 * DAY_SECONDS })), { root: root() }))).toBe('intermediate-not-valid');
  });

  it('is not signed for two machines, nor with a key that its chain does not name', async () => {
    await expect(signed({ cnf: { jkt: generateKeyPair().id } })).rejects.toThrow('bound to another machine');
    await expect(signed({}, chain.rootKey)).rejects.toThrow(`the key is ${chain.rootKey.id}`);
  });

  it('says of the hardware a digest only, and of hardware that nobody could read nothing', () => {
    expect(hardwareDigestOf({})).toBeNull();
    expect(hardwareDigestOf({ board: undefined })).toBeNull();
    const [one, other] = [machineKey.id, chain.hostKey.id];
    expect(hardwareDigestOf({ disk: one, board: other })).toBe(hardwareDigestOf({ board: other, disk: one }));
    expect(hardwareDigestOf({ disk: one, board: other })).not.toBe(hardwareDigestOf({ disk: other, board: one }));
  });
});

describe('a revocation list', () => {
  const claimsOf = (overrides: Partial<RevocationListClaims> = {}): RevocationListClaims => ({
    ...{ iss: 'development-vendor', iat: NOW, sequence: 2, certificates: [ID], keys: [], chain: [chain.intermediate] },
    ...overrides,
  });
  const verified = async (overrides: Partial<RevocationListClaims> = {}, vendorKey: SigningKey = chain.intermediateKey) =>
    verifyRevocationList(await signRevocationList({ claims: claimsOf(overrides), vendorKey }), { root: root() });

  it('names certificates by serial, and keys of every kind', () => {
    const { hostKey, signingKey, intermediateKey } = chain;
    const keys = [hostKey.id, signingKey.id, intermediateKey.id];
    expect(isRevoked(claimsOf(), { certificate: ID, keys })).toBe(true);
    expect(isRevoked(claimsOf(), { certificate: OTHER_ID, keys })).toBe(false);
    expect(isRevoked(claimsOf(), { keys })).toBe(false);
    for (const key of keys) expect(isRevoked(claimsOf({ certificates: [], keys: [key] }), { certificate: ID, keys })).toBe(true);
    expect(isRevoked(claimsOf({ keys: [generateKeyPair().id] }), { certificate: OTHER_ID, keys })).toBe(false);
  });

  it('takes the place of a lower one only', async () => {
    const inForce = claimsOf({ sequence: 2 });
    expect(compareRevocationLists(await verified(), undefined)).toBe('newer');
    expect(compareRevocationLists(await verified({ sequence: 3 }), inForce)).toBe('newer');
    expect(compareRevocationLists(await verified({ sequence: 2 }), inForce)).toBe('same');
    expect(compareRevocationLists(await verified({ sequence: 1 }), inForce)).toBe('older');
    expect(compareRevocationLists(await verified({ sequence: 3, iss: 'another', chain: [] }, chain.rootKey), inForce)).toBe('another-vendor');
  });

  it('that a revoked intermediate signed undoes nothing, however high its number', async () => {
    const inForce = claimsOf({ sequence: 2, keys: [chain.intermediateKey.id] });
    expect(compareRevocationLists(await verified({ sequence: 99, keys: [] }), inForce)).toBe('signer-revoked');
    expect(compareRevocationLists(await verified({ sequence: 3, chain: [] }, chain.rootKey), inForce)).toBe('newer');
  });

  it('that revokes the signer of the one in force takes its place, whatever number a thief has given to that', async () => {
    const byThief = claimsOf({ sequence: Number.MAX_SAFE_INTEGER, certificates: [] });
    const next = { keys: [chain.intermediateKey.id], chain: [] };
    expect(compareRevocationLists(await verified({ sequence: 3, ...next }, chain.rootKey), byThief)).toBe('newer');
    expect(compareRevocationLists(await verified({ sequence: 3, ...next, keys: [] }, chain.rootKey), byThief)).toBe('older');
    expect(compareRevocationLists(await verified({ ...byThief }), claimsOf({ sequence: 3, ...next }))).toBe('signer-revoked');
    // A list that names its own signer says so of itself only.
    expect(compareRevocationLists(await verified({ sequence: 2, keys: next.keys }), claimsOf({ sequence: 3 }))).toBe('older');
  });

  it('of another vendor is not believed', async () => {
    const jws = await signRevocationList({ claims: claimsOf(), vendorKey: chain.intermediateKey });
    expect(await outcomeOf(verifyRevocationList(jws, { root: generateKeyPair().publicJwk }))).toBe('unknown-key');
  });
});
