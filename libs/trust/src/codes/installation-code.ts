import { createHash } from 'node:crypto';
import { mayNameSomebody } from '../keys/ed25519-point.js';
import type { PublicJwk } from '../keys/public-jwk.js';
import { readDigitGroups, writeDigitGroups } from './digit-groups.js';
import type { Misread } from './grouped-text.js';

/** 15 groups are 90 digits, which carry 298 bits: the host's public key, and enough of a digest to hold it against the policies. */
const GROUPS = 15;
const KEY_BYTES = 32;
const TAG_BYTES = 5;
const BITS_TOTAL = (KEY_BYTES + TAG_BYTES) * 8;
const ALL_GROUPS = Array.from({ length: GROUPS }, (_, index) => index + 1);

/** Which host asks, and by which policies it will make its certificate. */
export interface HostInstallation {
  readonly hostPublicKey: PublicJwk;
  /** Base64url SHA-256 of the policies file, which is made for one host key: a confirmation for others would not fit, and be used up. */
  readonly policiesDigest: string;
}

/** Both are of fixed length, so no two pairs have the same bytes. */
const tagOf = ({ hostPublicKey, policiesDigest }: HostInstallation): Buffer =>
  createHash('sha256').update(Buffer.from(policiesDigest, 'base64url')).update(Buffer.from(hostPublicKey.x, 'base64url')).digest().subarray(0, TAG_BYTES);

/** What a host asks the vendor with, as 15 groups of seven digits, to be read out over a telephone. No secret. */
export const encodeInstallation = (installation: HostInstallation): string => {
  const publicKey = Buffer.from(installation.hostPublicKey.x, 'base64url');
  return writeDigitGroups(BigInt(`0x${Buffer.concat([publicKey, tagOf(installation)]).toString('hex')}`), GROUPS);
};

/** A code that was heard right, as far as its groups say. Whether it was made by the policies of today, {@link isMadeBy} says. */
export interface HeardInstallation {
  readonly hostPublicKey: PublicJwk;
  readonly tag: string;
}

export type DecodedInstallation = ({ readonly status: 'read' } & HeardInstallation) | Misread;

/** Reads an installation code as somebody heard it. */
export const decodeInstallation = (text: string): DecodedInstallation => {
  const found = readDigitGroups(text, { groups: GROUPS, bits: BITS_TOTAL });
  if (found.status === 'misread') return found;
  const bytes = Buffer.from(found.value.toString(16).padStart((KEY_BYTES + TAG_BYTES) * 2, '0'), 'hex');
  const publicKey = bytes.subarray(0, KEY_BYTES);
  if (!mayNameSomebody(publicKey)) return { status: 'misread', groups: ALL_GROUPS, detail: 'The groups of the code are not in their order, or it is no installation code.' };
  return { status: 'read', hostPublicKey: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') }, tag: bytes.subarray(KEY_BYTES).toString('base64url') };
};

/** Whether a code was made by these policies, and so for their host key, and its groups stand in their order: groups ten apart look alike. */
export const isMadeBy = ({ hostPublicKey, tag }: HeardInstallation, policiesDigest: string): boolean => tagOf({ hostPublicKey, policiesDigest }).toString('base64url') === tag;
