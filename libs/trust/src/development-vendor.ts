import type { HostCertificateClaims } from '@muster/contracts';
import { DAY_SECONDS, HOUR_SECONDS, systemDraws, toNumericDate } from '@muster/kernel';
import type { Draws } from '@muster/kernel';
import { issueHostCertificate } from './hosts/host-certificate.js';
import type { PublicJwk } from './keys/public-jwk.js';
import { thumbprintOf } from './keys/public-jwk.js';
import type { SigningKey } from './keys/signing-key.js';
import { generateKeyPair } from './keys/signing-key.js';
import { digestOf } from './tokens/compact-jws.js';
import { BACKDATED_SECONDS } from './vendor/validity.js';

/** Stands in every certificate that a development vendor signs, so that nobody takes one for a real vendor's. */
export const DEVELOPMENT_VENDOR = 'development-vendor';

const VALID_SECONDS = 365 * DAY_SECONDS;

/** The intervals that administrators know from KMS. */
const leasePolicy = { leaseSeconds: 180 * DAY_SECONDS, renewAfterSeconds: 7 * DAY_SECONDS, retryAfterSeconds: 2 * HOUR_SECONDS };

/** What the development vendor sells: pool `acme`, `acme.server` from 5 machines on, `acme.workstation` from 25. */
export const developmentCatalogue = {
  coversGroup: 'acme-server',
  groups: [
    { name: 'acme-workstation', rank: 1 },
    { name: 'acme-server', rank: 2 },
  ],
  pools: [{ name: 'acme', countWindowSeconds: 30 * DAY_SECONDS, countVirtualMachines: false }],
  products: [
    { name: 'acme.server', group: 'acme-server', pool: 'acme', threshold: 5, ...leasePolicy },
    { name: 'acme.workstation', group: 'acme-workstation', pool: 'acme', threshold: 25, ...leasePolicy },
  ],
  renewalGraceSeconds: 30 * DAY_SECONDS,
};

/** A host certificate with what everybody asks of it. */
export interface IssuedHostCertificate {
  readonly jws: string;
  readonly digest: string;
  readonly claims: HostCertificateClaims;
}

export interface DevelopmentCertificateOptions {
  readonly vendorKey: SigningKey;
  readonly hostPublicKey: PublicJwk;
  readonly nowMs: number;
  /** Replaces whole claims: other thresholds, a workstation-only host, another validity. */
  readonly overrides?: Partial<HostCertificateClaims>;
  readonly draws?: Pick<Draws, 'uuid'>;
}

/** Signs a certificate for a host with the development catalogue. */
export const developmentHostCertificate = async (options: DevelopmentCertificateOptions): Promise<IssuedHostCertificate> => {
  const { vendorKey, hostPublicKey, nowMs, overrides = {}, draws = systemDraws } = options;
  const iat = toNumericDate(nowMs);
  const claims: HostCertificateClaims = {
    iss: DEVELOPMENT_VENDOR,
    sub: thumbprintOf(hostPublicKey),
    jti: draws.uuid(),
    iat,
    nbf: iat - BACKDATED_SECONDS,
    exp: iat + VALID_SECONDS,
    organisation: 'development',
    environment: 'development',
    cnf: { jwk: { ...hostPublicKey } },
    ...developmentCatalogue,
    ...overrides,
  };
  const jws = await issueHostCertificate({ claims, vendorKey });
  return { jws, digest: digestOf(jws), claims };
};

export interface DevelopmentVendor {
  readonly rootKey: SigningKey;
  readonly hostKey: SigningKey;
  readonly certificate: IssuedHostCertificate;
}

/** A vendor of its own with one certified host, in memory. Never for production: whoever runs it holds the root key. */
export const createDevelopmentVendor = async (
  options: Pick<DevelopmentCertificateOptions, 'nowMs' | 'overrides' | 'draws'> & { readonly rootKey?: SigningKey; readonly hostKey?: SigningKey },
): Promise<DevelopmentVendor> => {
  const { rootKey = generateKeyPair(), hostKey = generateKeyPair(), ...rest } = options;
  return { rootKey, hostKey, certificate: await developmentHostCertificate({ ...rest, vendorKey: rootKey, hostPublicKey: hostKey.publicJwk }) };
};
