import type { HostProofClaims } from '@muster/contracts';
import { tokenTypes } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import type { SigningKey } from '../index.js';
import { generateKeyPair, isRevoked, issueHostCertificate, signHostProof, verifyHostProof } from '../index.js';
import type { Chain } from './chain.fixture.js';
import { aChain, NONCE } from './chain.fixture.js';
import { forge, NOW, NOW_MS, outcomeOf } from './tokens.fixture.js';

const OTHER_NONCE = Buffer.alloc(32, 8).toString('base64url');
const END_MS = (NOW + 365 * DAY_SECONDS) * SECOND_MS;

let chain: Chain;
let other: Chain;
beforeAll(async () => {
  [chain, other] = await Promise.all([aChain(), aChain()]);
});

const proofClaims = ({ hostKey, word, certificate, intermediate }: Chain = chain, overrides: Partial<HostProofClaims> = {}): HostProofClaims => ({
  ...{ iss: hostKey.id, iat: NOW, nonce: NONCE, signer: word, chain: [certificate, intermediate] },
  ...overrides,
});

const judge = (proof: string, atMs = NOW_MS, { rootKey }: Pick<Chain, 'rootKey'> = chain) => verifyHostProof(proof, { root: rootKey.publicJwk, nonce: NONCE, atMs });
const forged = (claims: HostProofClaims, key: SigningKey) => forge({ alg: 'EdDSA', typ: tokenTypes.hostProof, kid: key.id }, claims, key);

describe('a host proof', () => {
  it('says which host answers, on which keys that rests, and what its clock shows', async () => {
    expect(await judge(await signHostProof(proofClaims(), chain.signingKey))).toEqual({
      ...{ host: chain.hostKey.id, certificate: chain.certificateClaims, signedAtMs: NOW_MS },
      keys: [chain.hostKey.id, chain.signingKey.id, chain.intermediateKey.id],
    });
  });

  it('may be of the host key itself, under a certificate of the root', async () => {
    const { signer, ...claims } = proofClaims(chain, { chain: [await issueHostCertificate({ claims: chain.certificateClaims, vendorKey: chain.rootKey })] });
    expect(await judge(await signHostProof(claims, chain.hostKey))).toMatchObject({ keys: [chain.hostKey.id] });
  });

  it('answers its own question only', async () => {
    expect(await outcomeOf(judge(await signHostProof(proofClaims(chain, { nonce: OTHER_NONCE }), chain.signingKey)))).toBe('not-meant-for-this');
    await expect(signHostProof(proofClaims(chain, { nonce: 'short' }), chain.signingKey)).rejects.toThrow();
  });

  it('is not believed of another vendor’s host, nor of one host in the name of another', async () => {
    expect(await outcomeOf(judge(forged(proofClaims(other), other.signingKey)))).toBe('unknown-key');
    expect(await outcomeOf(judge(forged(proofClaims(chain, { iss: other.hostKey.id }), chain.signingKey)))).toBe('host-mismatch');
    expect(await outcomeOf(judge(forged(proofClaims(chain, { signer: other.word }), other.signingKey)))).toBe('unknown-key');
    await expect(signHostProof(proofClaims(), generateKeyPair())).rejects.toThrow('cannot be signed for');
  });

  it('is of a certificate that is valid now, whatever the clock of the host says', async () => {
    const strict = await aChain({ host: { renewalGraceSeconds: 0 } });
    const proof = await signHostProof(proofClaims(strict), strict.signingKey);
    expect(await outcomeOf(judge(proof, END_MS - 1, strict))).toBe('believed');
    expect(await outcomeOf(judge(proof, END_MS, strict))).toBe('expired');
    expect(await outcomeOf(judge(proof, NOW_MS - DAY_SECONDS * SECOND_MS, strict))).toBe('not-yet-valid');
    const oddClock = await signHostProof(proofClaims(strict, { iat: 1 }), strict.signingKey);
    expect(await judge(oddClock, NOW_MS, strict)).toMatchObject({ signedAtMs: SECOND_MS });
    expect(await outcomeOf(judge(oddClock, END_MS, strict))).toBe('expired');
    expect(await outcomeOf(verifyHostProof(proof, { root: strict.rootKey.publicJwk, nonce: NONCE, atMs: 'any-time' }))).toBe('believed');
  });

  it('is believed within the renewal grace of its certificate, in which the host still renews', async () => {
    const graced = await aChain({ host: { renewalGraceSeconds: DAY_SECONDS } });
    const proof = await signHostProof(proofClaims(graced), graced.signingKey);
    expect(await outcomeOf(judge(proof, END_MS + DAY_SECONDS * SECOND_MS - 1, graced))).toBe('believed');
    expect(await outcomeOf(judge(proof, END_MS + DAY_SECONDS * SECOND_MS, graced))).toBe('expired');
  });

  it('names what the vendor may have revoked', async () => {
    const { certificate, keys } = await judge(await signHostProof(proofClaims(), chain.signingKey));
    const restsOn = { certificate: certificate.jti, keys };
    expect(isRevoked({ certificates: [], keys: [other.signingKey.id] }, restsOn)).toBe(false);
    expect(isRevoked({ certificates: [certificate.jti], keys: [] }, restsOn)).toBe(true);
    for (const key of [chain.hostKey, chain.signingKey, chain.intermediateKey]) expect(isRevoked({ certificates: [], keys: [key.id] }, restsOn)).toBe(true);
  });
});
