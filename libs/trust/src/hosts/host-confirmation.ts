import { createHash } from 'node:crypto';
import { hostConfirmationSchema, tokenTypes } from '@muster/contracts';
import type { HostCertificateClaims, HostConfirmation } from '@muster/contracts';
import { DAY_SECONDS } from '@muster/kernel';
import type { PublicJwk } from '../keys/public-jwk.js';
import { thumbprintOf } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import { digestOf } from '../tokens/compact-jws.js';
import { bytesToSign } from '../tokens/signed-token.js';
import { isTokenRefused, TokenRefused } from '../tokens/token-refused.js';
import { fitsIntermediate } from '../vendor/intermediate-certificate.js';
import { BACKDATED_SECONDS } from '../vendor/validity.js';
import { issueHostCertificate, verifyHostCertificate } from './host-certificate.js';
import type { VerifiedHostPolicies } from './host-policies.js';
import { verifyHostPolicies } from './host-policies.js';

const UUID_VERSION_8 = 0x80;
const UUID_VARIANT = 0x80;

/** The id of the certificate with this serial under a host key: a UUID of version 8 (RFC 9562 section 5.8), so that it need not travel. */
export const hostCertificateIdOf = ({ keyId, serial }: { readonly keyId: string; readonly serial: number }): string => {
  const bytes = createHash('sha256').update(`muster host certificate\n${keyId}\n${serial}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | UUID_VERSION_8;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | UUID_VARIANT;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

interface Confirmed {
  readonly policies: VerifiedHostPolicies;
  readonly hostPublicKey: PublicJwk;
  readonly confirmed: Omit<HostConfirmation, 'signature'>;
}

/** The one certificate that these policies, this host and these numbers make: vendor and host arrive at the same bytes. */
const certificateClaimsOf = ({ policies, hostPublicKey, confirmed: { serial, issuedAt, validDays } }: Confirmed): HostCertificateClaims => {
  const { keyId, chain, jti, iat, ...terms } = policies.claims;
  return {
    ...terms,
    sub: thumbprintOf(hostPublicKey),
    jti: hostCertificateIdOf({ keyId, serial }),
    iat: issuedAt,
    nbf: issuedAt - BACKDATED_SECONDS,
    exp: issuedAt + validDays * DAY_SECONDS,
    cnf: { jwk: { ...hostPublicKey } },
  };
};

export interface HostToConfirm {
  readonly policies: VerifiedHostPolicies;
  readonly hostPublicKey: PublicJwk;
  /** Counts the certificates under one host key; never used twice. */
  readonly serial: number;
  /** A NumericDate, a whole minute. */
  readonly issuedAt: number;
  readonly validDays: number;
  readonly vendorKey: SigningKey;
}

/**
 * Certifies a host, and returns only what the host cannot know: serial, dates and signature.
 *
 * @throws Error when `vendorKey` did not sign the policies, a number is out of its range, or the certificate would end after the intermediate
 */
export const signHostConfirmation = async ({ policies, hostPublicKey, vendorKey, ...confirmed }: HostToConfirm): Promise<HostConfirmation> => {
  if (thumbprintOf(policies.signer) !== vendorKey.id) throw new Error(`the policies were signed by ${thumbprintOf(policies.signer)}, not by ${vendorKey.id}`);
  const { serial, issuedAt, validDays } = hostConfirmationSchema.omit({ signature: true }).parse(confirmed);
  const claims = certificateClaimsOf({ policies, hostPublicKey, confirmed: { serial, issuedAt, validDays } });
  const fits = fitsIntermediate(claims, policies.intermediate);
  if (fits !== true) throw new Error(fits);
  const jws = await issueHostCertificate({ claims, vendorKey });
  return { serial, issuedAt, validDays, signature: jws.slice(jws.lastIndexOf('.') + 1) };
};

/** A host certificate rebuilt and verified: what the host records. */
export interface ConfirmedHostCertificate {
  readonly jws: string;
  readonly digest: string;
  readonly claims: HostCertificateClaims;
  /** The certificate of the intermediate that signed, where it was not the root. */
  readonly intermediate?: string;
}

export interface ConfirmationToApply {
  /** The policies file that is installed with the host key. */
  readonly policies: string;
  readonly hostPublicKey: PublicJwk;
  readonly confirmation: HostConfirmation;
  readonly root: PublicJwk;
}

const doesNotFit = (cause: unknown): TokenRefused =>
  new TokenRefused('does-not-fit', 'the confirmation is not for this host with these policies, or one of its groups is wrong', { cause });

/**
 * Rebuilds a host's certificate from the confirmation of its activation. Whether it is valid today is for the caller to judge.
 *
 * @throws TokenRefused `does-not-fit` when it was made for another host, host key or policies file; as `verifyHostPolicies` for the policies
 */
export const certificateFromConfirmation = async ({ policies, hostPublicKey, confirmation, root }: ConfirmationToApply): Promise<ConfirmedHostCertificate> => {
  const verified = await verifyHostPolicies(policies, { root, atMs: 'any-time' });
  const { signature, ...confirmed } = hostConfirmationSchema.parse(confirmation);
  const claims = certificateClaimsOf({ policies: verified, hostPublicKey, confirmed });
  const jws = `${bytesToSign({ typ: tokenTypes.hostCertificate, claims, kid: thumbprintOf(verified.signer) })}.${signature}`;
  const [intermediate] = verified.claims.chain;
  await verifyHostCertificate(jws, { root, atMs: 'any-time', intermediate }).catch((error: unknown) => {
    throw isTokenRefused(error, 'signature-invalid') ? doesNotFit(error) : error;
  });
  return { jws, digest: digestOf(jws), claims, ...(intermediate === undefined ? {} : { intermediate }) };
};
