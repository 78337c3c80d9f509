import { hostProofClaimsSchema, tokenTypes } from '@muster/contracts';
import type { HostCertificateClaims, HostProofClaims } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import type { PublicJwk } from '../keys/public-jwk.js';
import type { SigningKey } from '../keys/signing-key.js';
import type { At } from '../vendor/validity.js';
import { certificateStandingAt, withRenewalGrace } from '../vendor/validity.js';
import { signHostWord, verifyHostWord } from './host-word.js';
import { TokenRefused } from './token-refused.js';

const typ = tokenTypes.hostProof;

/**
 * Signs a host's answer to a nonce, with its key or one that it vouches for.
 *
 * @throws Error when `iss` is not the id of `key`, and `signer` does not vouch for it
 */
export const signHostProof = async (claims: HostProofClaims, key: SigningKey): Promise<string> => signHostWord(typ, hostProofClaimsSchema.parse(claims), key);

/** Who answered. A revocation list may name the certificate's `jti` and the keys. */
export interface VerifiedHostProof {
  /** The host id. */
  readonly host: string;
  readonly certificate: HostCertificateClaims;
  /** Thumbprints of the keys that the proof rests on, but for the root. */
  readonly keys: readonly string[];
  /** By the host's clock, to the second. */
  readonly signedAtMs: number;
}

export interface HostProofToVerify {
  /** The vendor's pinned root. */
  readonly root: PublicJwk;
  /** What this verifier drew for this very question. */
  readonly nonce: string;
  readonly atMs: At;
}

/**
 * Verifies that whoever answered holds the key of a host that the vendor certified, now: the nonce makes the answer a fresh one, so what the host's clock says
 * is not held against it. Whether any of it was revoked is for `isRevoked` to say.
 *
 * A proof can be relayed: it says that a host answers, not that nobody stands between.
 *
 * @throws TokenRefused `malformed`, `wrong-type`, `unknown-key` (another vendor), `signature-invalid`, `host-mismatch`, `chain-not-understood`,
 * `intermediate-not-valid`, `not-meant-for-this` (another nonce); `not-yet-valid` and `expired` of the certificate at `atMs`, its renewal grace included
 */
export const verifyHostProof = async (proof: string, { root, nonce, atMs }: HostProofToVerify): Promise<VerifiedHostProof> => {
  const { claims, certificate, keys } = await verifyHostWord(proof, { typ, schema: hostProofClaimsSchema, root });
  if (claims.nonce !== nonce) throw new TokenRefused('not-meant-for-this', 'it answers another question');
  // By the verifier's clock: whoever holds the key of a certificate that has ended could say any `iat`.
  const standing = atMs === 'any-time' ? 'valid' : certificateStandingAt(withRenewalGrace(certificate), atMs);
  if (standing !== 'valid') throw new TokenRefused(standing, `the host certificate is ${standing === 'expired' ? 'past its end and its renewal grace' : 'not valid yet'}`);
  return { host: claims.iss, certificate, keys, signedAtMs: claims.iat * SECOND_MS };
};
