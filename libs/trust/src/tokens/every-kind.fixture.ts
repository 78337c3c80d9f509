import { tokenTypes } from '@muster/contracts';
import type { PermanentLeaseClaims, RevocationListClaims } from '@muster/contracts';
import type { PublicJwk, SigningKey } from '../index.js';
import {
  DEVELOPMENT_VENDOR,
  digestOf,
  verifyActivationRequest,
  verifyHostActivationRequest,
  verifyHostCertificate,
  verifyHostPolicies,
  verifyHostProof,
  verifyInstallationRequest,
  verifyIntermediateCertificate,
  verifyLease,
  verifyPermanentLease,
  verifyReceipt,
  verifyReleaseRequest,
  verifyRenewalRequest,
  verifyRevocationList,
  verifySigningKey,
} from '../index.js';
import type { Chain } from './chain.fixture.js';
import { chainedLeaseClaims, HOST_KEY_ID, intermediateClaims, LEASE_ID, NONCE, policiesClaims } from './chain.fixture.js';
import { forge, machineKey, NOW, NOW_MS } from './tokens.fixture.js';

export const kindNames = Object.keys(tokenTypes) as readonly KindName[];
export type KindName = keyof typeof tokenTypes;

/** A genuine token of a kind, taken apart, and who judges it. */
export interface TokenKind {
  readonly typ: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly key: SigningKey;
  /** Requests bring their key in the header as `jwk`; all others name it by `kid`. */
  readonly brings: 'kid' | 'jwk';
  readonly verify: (token: string) => Promise<unknown>;
}

export const headerOf = ({ typ, key, brings }: Pick<TokenKind, 'typ' | 'key' | 'brings'>): Readonly<Record<string, unknown>> => ({
  alg: 'EdDSA',
  typ,
  ...(brings === 'kid' ? { kid: key.id } : { jwk: key.publicJwk }),
});

export const tokenOf = (kind: TokenKind): string => forge(headerOf(kind), kind.claims, kind.key);

const permanentLeaseClaims = (chain: string[]): PermanentLeaseClaims => ({
  ...{ iss: DEVELOPMENT_VENDOR, sub: machineKey.id, aud: 'acme.workstation', iat: NOW, jti: LEASE_ID, permanent: true, organisation: 'development' },
  ...{ cnf: { jkt: machineKey.id }, hardware: null, position: 51, chain },
});

const revocationListClaims = (chain: string[]): RevocationListClaims => ({ iss: DEVELOPMENT_VENDOR, iat: NOW, sequence: 7, certificates: [LEASE_ID], keys: [], chain });

/** One of every kind that there is: a new kind does not compile until it stands here, and so in every test of confusion. */
export const everyKind = (chain: Chain): Readonly<Record<KindName, TokenKind>> => {
  const root: PublicJwk = chain.rootKey.publicJwk;
  const { intermediateKey, hostKey, signingKey } = chain;
  const vendorChain = [chain.intermediate];
  const leaseClaims = chainedLeaseClaims(chain);
  const { exp, cnf, ...decision } = leaseClaims;
  const lease = forge({ alg: 'EdDSA', typ: tokenTypes.lease, kid: signingKey.id }, leaseClaims, signingKey);
  const asked = { jti: LEASE_ID, iat: NOW };
  const machine = { hostname: 'ws-01', virtual: false };
  const request = { key: machineKey, brings: 'jwk' } as const;
  const signed = { brings: 'kid' } as const;
  return {
    activationRequest: { ...request, typ: tokenTypes.activationRequest, claims: { ...asked, product: 'acme.workstation', machine }, verify: verifyActivationRequest },
    renewalRequest: { ...request, typ: tokenTypes.renewalRequest, claims: { ...asked, lease, machine }, verify: verifyRenewalRequest },
    releaseRequest: { ...request, typ: tokenTypes.releaseRequest, claims: { ...asked, lease }, verify: verifyReleaseRequest },
    installationRequest: {
      ...{ ...request, typ: tokenTypes.installationRequest, verify: verifyInstallationRequest },
      claims: { ...asked, product: 'acme.workstation', machine: { virtual: false }, hardware: { board: HOST_KEY_ID } },
    },
    hostActivationRequest: {
      ...{ ...request, key: hostKey, typ: tokenTypes.hostActivationRequest, verify: verifyHostActivationRequest },
      claims: { ...asked, keyId: HOST_KEY_ID, policies: digestOf('policies') },
    },
    intermediateCertificate: {
      ...{ ...signed, typ: tokenTypes.intermediateCertificate, claims: { ...intermediateClaims(intermediateKey) }, key: chain.rootKey },
      verify: (token) => verifyIntermediateCertificate(token, { root, atMs: NOW_MS }),
    },
    hostCertificate: {
      ...{ ...signed, typ: tokenTypes.hostCertificate, claims: { ...chain.certificateClaims }, key: intermediateKey },
      verify: (token) => verifyHostCertificate(token, { root, atMs: NOW_MS, intermediate: chain.intermediate }),
    },
    hostPolicies: {
      ...{ ...signed, typ: tokenTypes.hostPolicies, claims: { ...policiesClaims(vendorChain) }, key: intermediateKey },
      verify: (token) => verifyHostPolicies(token, { root, atMs: NOW_MS }),
    },
    revocationList: {
      ...{ ...signed, typ: tokenTypes.revocationList, claims: { ...revocationListClaims(vendorChain) }, key: intermediateKey },
      verify: (token) => verifyRevocationList(token, { root }),
    },
    permanentLease: {
      ...{ ...signed, typ: tokenTypes.permanentLease, claims: { ...permanentLeaseClaims(vendorChain) }, key: intermediateKey },
      verify: (token) => verifyPermanentLease(token, { root }),
    },
    signingKey: {
      ...{ ...signed, typ: tokenTypes.signingKey, key: hostKey, verify: (token) => verifySigningKey(token, { hostPublicKey: hostKey.publicJwk }) },
      claims: { iss: hostKey.id, sub: signingKey.id, iat: NOW, cnf: { jwk: signingKey.publicJwk } },
    },
    lease: { ...signed, typ: tokenTypes.lease, claims: { ...leaseClaims }, key: signingKey, verify: (token) => verifyLease(token, { root, atMs: NOW_MS }) },
    hostProof: {
      ...{ ...signed, typ: tokenTypes.hostProof, key: signingKey, verify: (token) => verifyHostProof(token, { root, nonce: NONCE, atMs: NOW_MS }) },
      claims: { iss: hostKey.id, iat: NOW, nonce: NONCE, signer: chain.word, chain: [chain.certificate, chain.intermediate] },
    },
    receipt: { ...signed, typ: tokenTypes.receipt, claims: { ...decision, outcome: 'deferred' }, key: signingKey, verify: (token) => verifyReceipt(token, { root }) },
  };
};
