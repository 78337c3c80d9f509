import type { HostCertificateClaims, HostPoliciesClaims, IntermediateCertificateClaims, LeaseClaims } from '@muster/contracts';
import { DAY_SECONDS } from '@muster/kernel';
import type { SigningKey } from '../index.js';
import { DEVELOPMENT_VENDOR, developmentCatalogue, generateKeyPair, issueHostCertificate, issueIntermediateCertificate, signSigningKey } from '../index.js';
import { machineKey, NOW } from './tokens.fixture.js';

export const LEASE_ID = '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a10';
export const HOST_KEY_ID = Buffer.alloc(32, 3).toString('base64url');
export const NONCE = Buffer.alloc(32, 9).toString('base64url');

/** A chain of full length: root ▶ intermediate ▶ host ▶ a key that the host vouches for. */
export interface Chain {
  readonly rootKey: SigningKey;
  readonly intermediateKey: SigningKey;
  readonly intermediate: string;
  readonly hostKey: SigningKey;
  readonly certificate: string;
  readonly certificateClaims: HostCertificateClaims;
  readonly signingKey: SigningKey;
  readonly word: string;
}

export const intermediateClaims = (key: SigningKey, overrides: Partial<IntermediateCertificateClaims> = {}): IntermediateCertificateClaims => ({
  ...{ iss: DEVELOPMENT_VENDOR, sub: key.id, jti: '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a11', cnf: { jwk: { ...key.publicJwk } } },
  ...{ iat: NOW - DAY_SECONDS, nbf: NOW - DAY_SECONDS, exp: NOW + 730 * DAY_SECONDS },
  ...overrides,
});

export const hostClaims = (key: SigningKey, overrides: Partial<HostCertificateClaims> = {}): HostCertificateClaims => ({
  ...{ iss: DEVELOPMENT_VENDOR, sub: key.id, jti: '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a12', cnf: { jwk: { ...key.publicJwk } } },
  ...{ iat: NOW, nbf: NOW - 300, exp: NOW + 365 * DAY_SECONDS, organisation: 'development', environment: 'development' },
  ...developmentCatalogue,
  ...overrides,
});

export const policiesClaims = (chain: string[], overrides: Partial<HostPoliciesClaims> = {}): HostPoliciesClaims => ({
  ...{ iss: DEVELOPMENT_VENDOR, iat: NOW, jti: '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a13', keyId: HOST_KEY_ID, organisation: 'development', environment: 'development' },
  ...developmentCatalogue,
  chain,
  ...overrides,
});

export const aChain = async (
  overrides: { readonly intermediate?: Partial<IntermediateCertificateClaims>; readonly host?: Partial<HostCertificateClaims>; readonly rootKey?: SigningKey } = {},
): Promise<Chain> => {
  const rootKey = overrides.rootKey ?? generateKeyPair();
  const [intermediateKey, hostKey, signingKey] = [generateKeyPair(), generateKeyPair(), generateKeyPair()];
  const certificateClaims = hostClaims(hostKey, overrides.host);
  return {
    ...{ rootKey, intermediateKey, hostKey, signingKey, certificateClaims },
    intermediate: await issueIntermediateCertificate({ claims: intermediateClaims(intermediateKey, overrides.intermediate), rootKey }),
    certificate: await issueHostCertificate({ claims: certificateClaims, vendorKey: intermediateKey }),
    word: await signSigningKey({ hostKey, publicKey: signingKey.publicJwk, iat: NOW }),
  };
};

/** A lease under the whole chain, to be signed by `signingKey`. */
export const chainedLeaseClaims = ({ hostKey, certificate, intermediate, word }: Chain, overrides: Partial<LeaseClaims> = {}): LeaseClaims => ({
  ...{ iss: hostKey.id, sub: machineKey.id, aud: 'acme.workstation', iat: NOW, jti: LEASE_ID, exp: NOW + 180 * DAY_SECONDS, cnf: { jkt: machineKey.id } },
  ...{ count: 25, threshold: 25, position: 51, head: Buffer.alloc(32, 7).toString('base64url') },
  ...{ signer: word, chain: [certificate, intermediate] },
  ...overrides,
});
