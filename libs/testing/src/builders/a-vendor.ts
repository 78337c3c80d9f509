import { createHash } from 'node:crypto';
import type { HostConfirmation, HostPoliciesClaims, IntermediateCertificateClaims } from '@muster/contracts';
import { DAY_SECONDS, toNumericDate } from '@muster/kernel';
import {
  certificateFromConfirmation,
  DEVELOPMENT_VENDOR,
  developmentCatalogue,
  issueHostPolicies,
  issueIntermediateCertificate,
  newActivationKey,
  signHostConfirmation,
  verifyHostPolicies,
} from '@muster/trust';
import type { ActivationKey, ActivationKeyKind, ConfirmedHostCertificate, SigningKey, VerifiedHostPolicies } from '@muster/trust';
import { TEST_START_MS } from '../fixed-clock.js';
import { seededDraws } from '../seeded-draws.js';
import { aKey } from './a-machine.js';

const START = toNumericDate(TEST_START_MS);
const TEN_YEARS_SECONDS = 3650 * DAY_SECONDS;

/** A vendor that signs day to day with an intermediate, or with its root alone. */
export interface TestVendor {
  readonly rootKey: SigningKey;
  /** What signs policies, host certificates, permanent leases and revocation lists. */
  readonly vendorKey: SigningKey;
  /** The `chain` claim of what the vendor signs: the intermediate certificate, or nothing. */
  readonly chain: string[];
}

export interface VendorOptions {
  /** Another seed is another vendor. */
  readonly seed?: string;
  /** Another intermediate of the same vendor; `none`: the root signs itself. */
  readonly intermediateSeed?: string | 'none';
  /** Replaces whole claims of the intermediate: another validity. */
  readonly overrides?: Partial<IntermediateCertificateClaims>;
}

/** A vendor with its keys, the same for the same arguments; its intermediate is valid for ten years from {@link TEST_START_MS} on. */
export const aVendor = async ({ seed = 'vendor', intermediateSeed = 'intermediate', overrides = {} }: VendorOptions = {}): Promise<TestVendor> => {
  const rootKey = aKey(`root:${seed}`);
  if (intermediateSeed === 'none') return { rootKey, vendorKey: rootKey, chain: [] };
  const vendorKey = aKey(`intermediate:${seed}:${intermediateSeed}`);
  const claims: IntermediateCertificateClaims = {
    iss: DEVELOPMENT_VENDOR,
    sub: vendorKey.id,
    jti: seededDraws(`intermediate:${seed}:${intermediateSeed}`).uuid(),
    iat: START,
    nbf: START,
    exp: START + TEN_YEARS_SECONDS,
    cnf: { jwk: { ...vendorKey.publicJwk } },
    ...overrides,
  };
  return { rootKey, vendorKey, chain: [await issueIntermediateCertificate({ claims, rootKey })] };
};

/** A key of a kind, the same for the same seed. */
export const anActivationKey = (kind: ActivationKeyKind = 'host', seed = 'key'): ActivationKey => {
  let drawn = 0;
  return newActivationKey(kind, (size) => createHash('shake256', { outputLength: size }).update(`${kind}:${seed}:${drawn++}`).digest());
};

/** The claims of a policies file with the development catalogue. */
export const hostPoliciesClaims = (vendor: Pick<TestVendor, 'chain'>, overrides: Partial<HostPoliciesClaims> = {}): HostPoliciesClaims => ({
  iss: DEVELOPMENT_VENDOR,
  iat: START,
  jti: '00000000-0000-4000-8000-0000000000b0',
  keyId: anActivationKey().keyId,
  organisation: 'development',
  environment: 'development',
  ...developmentCatalogue,
  chain: vendor.chain,
  ...overrides,
});

/** A policies file, signed and verified: `.jws` is what travels. */
export const hostPolicies = async (vendor: TestVendor, overrides: Partial<HostPoliciesClaims> = {}): Promise<VerifiedHostPolicies> => {
  const jws = await issueHostPolicies({ claims: hostPoliciesClaims(vendor, overrides), vendorKey: vendor.vendorKey });
  return verifyHostPolicies(jws, { root: vendor.rootKey.publicJwk, atMs: 'any-time' });
};

export interface ConfirmedHost {
  readonly vendor: TestVendor;
  readonly policies: VerifiedHostPolicies;
  readonly hostKey: SigningKey;
  readonly confirmation: HostConfirmation;
  readonly certificate: ConfirmedHostCertificate;
}

export interface ConfirmedHostOptions extends VendorOptions {
  /** Another host of the same vendor. */
  readonly hostSeed?: string;
  /** Replaces whole claims of the policies. */
  readonly policies?: Partial<HostPoliciesClaims>;
  readonly confirmed?: Partial<Pick<HostConfirmation, 'serial' | 'issuedAt' | 'validDays'>>;
}

/** A host that was activated the way the handbook has it: policies, confirmation, and the certificate that they make. */
export const aConfirmedHost = async ({ hostSeed = 'host', policies: replaced = {}, confirmed = {}, ...vendorOptions }: ConfirmedHostOptions = {}): Promise<ConfirmedHost> => {
  const vendor = await aVendor(vendorOptions);
  const policies = await hostPolicies(vendor, replaced);
  const hostKey = aKey(`host:${vendorOptions.seed ?? 'vendor'}:${hostSeed}`);
  const hostPublicKey = hostKey.publicJwk;
  const confirmation = await signHostConfirmation({ policies, hostPublicKey, serial: 1, issuedAt: START, validDays: 365, ...confirmed, vendorKey: vendor.vendorKey });
  const certificate = await certificateFromConfirmation({ policies: policies.jws, hostPublicKey, confirmation, root: vendor.rootKey.publicJwk });
  return { vendor, policies, hostKey, confirmation, certificate };
};
