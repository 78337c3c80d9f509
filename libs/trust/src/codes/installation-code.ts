import { createHash } from 'node:crypto';
import { mayNameSomebody } from '../keys/ed25519-point.js';
import type { PublicJwk } from '../keys/public-jwk.js';
import { readDigitGroups, writeDigitGroups } from './digit-groups.js';
import type { Misread } from './grouped-text.js';

/** 15 groups are 90 digits, which carry 298 bits: the host's public key, and enough of a digest to hold it against the host key. */
const GROUPS = 15;
const KEY_BYTES = 32;
const TAG_BYTES = 5;
const BITS_TOTAL = (KEY_BYTES + TAG_BYTES) * 8;

/** Which host asks, and by which host key. */
export interface HostInstallation {
  readonly hostPublicKey: PublicJwk;
  /** As `activationKeyId` gives it. */
  readonly keyId: string;
}

/** Both digests are over fields of fixed length, so no two pairs have the same bytes. */
const tagOf = (publicKey: Uint8Array, keyId: string): Buffer => createHash('sha256').update(Buffer.from(keyId, 'base64url')).update(publicKey).digest().subarray(0, TAG_BYTES);

/** What a host asks the vendor with, as 15 groups of seven digits, to be read out over a telephone. No secret. */
export const encodeInstallation = ({ hostPublicKey, keyId }: HostInstallation): string => {
  const publicKey = Buffer.from(hostPublicKey.x, 'base64url');
  return writeDigitGroups(BigInt(`0x${Buffer.concat([publicKey, tagOf(publicKey, keyId)]).toString('hex')}`), GROUPS);
};

export type DecodedInstallation =
  | { readonly status: 'read'; readonly hostPublicKey: PublicJwk }
  | Misread
  /** Every group is right, and the code was made for another host key than `keyId`; or groups ten apart were swapped. */
  | { readonly status: 'other-key'; readonly detail: string };

/** Reads an installation code as somebody heard it, beside the host key that it is to be for. */
export const decodeInstallation = (text: string, { keyId }: Pick<HostInstallation, 'keyId'>): DecodedInstallation => {
  const found = readDigitGroups(text, { groups: GROUPS, bits: BITS_TOTAL });
  if (found.status === 'misread') return found;
  const bytes = Buffer.from(found.value.toString(16).padStart((KEY_BYTES + TAG_BYTES) * 2, '0'), 'hex');
  const publicKey = bytes.subarray(0, KEY_BYTES);
  if (!tagOf(publicKey, keyId).equals(bytes.subarray(KEY_BYTES)) || !mayNameSomebody(publicKey)) {
    return { status: 'other-key', detail: 'The code was made for another host key than this one, or its groups are not in their order.' };
  }
  return { status: 'read', hostPublicKey: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') } };
};
