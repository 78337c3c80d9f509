import { createHash } from 'node:crypto';
import type { Misread } from '../codes/grouped-text.js';
import { readGroups } from '../codes/grouped-text.js';

/** Host keys activate hosts, multiple activation keys machines; a setup key is public and only says: ask a host. */
export const activationKeyKinds = ['host', 'multiple', 'setup'] as const;
export type ActivationKeyKind = (typeof activationKeyKinds)[number];

export interface ActivationKey {
  /** The one canonical spelling: capitals, hyphens between groups. A secret, but for a setup key. */
  readonly key: string;
  readonly kind: ActivationKeyKind;
  /** Base64url SHA-256 of the canonical spelling: what is stored and sent in the key's place. */
  readonly keyId: string;
  /** The last group, by which people tell keys apart. */
  readonly ending: string;
}

export type ReadActivationKey = ({ readonly status: 'read' } & ActivationKey) | Misread;

/** No 0, I, L, O or U: what they could be taken for is there once only. A prime number of symbols, so that every weight has an inverse. */
const ALPHABET = '123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SIZE = ALPHABET.length;
const GROUPS = 6;
const PAYLOAD_PER_GROUP = 4;
const RANDOM_SYMBOLS = GROUPS * PAYLOAD_PER_GROUP - 1;

const letterOf = { host: 'H', multiple: 'M', setup: 'S' } as const satisfies Record<ActivationKeyKind, string>;

/** Neither 1 nor L nor I can be anything but 1 in a key. */
const withoutLookalikes = (group: string): string => group.replaceAll(/[IL]/g, '1');

/**
 * Weights of the four symbols, and −1 for the check symbol. None is 0, so a wrong symbol changes the sum; neighbours differ, so two swapped
 * neighbours do too. The group's index is added: one group is right in one place only.
 */
const WEIGHTS = [2, 3, 4, 5] as const;

const checkSymbolOf = (payload: string, index: number): string =>
  ALPHABET.charAt(WEIGHTS.reduce((sum, weight, at) => sum + weight * ALPHABET.indexOf(payload.charAt(at)), index + 1) % SIZE);

const isOfAlphabet = (group: string): boolean => [...group].every((symbol) => ALPHABET.includes(symbol));

const holds = (typed: string, index: number): boolean => {
  const group = withoutLookalikes(typed);
  if (group.length !== PAYLOAD_PER_GROUP + 1 || !isOfAlphabet(group)) return false;
  if (checkSymbolOf(group, index) !== group.charAt(PAYLOAD_PER_GROUP)) return false;
  return index > 0 || kindOf(group) !== undefined;
};

const kindOf = (key: string): ActivationKeyKind | undefined => activationKeyKinds.find((kind) => letterOf[kind] === key.charAt(0));

/** Base64url SHA-256 of a key in its canonical spelling. */
export const activationKeyId = (key: string): string => createHash('sha256').update(key, 'latin1').digest('base64url');

const described = (groups: readonly string[], kind: ActivationKeyKind): ActivationKey => {
  const key = groups.join('-');
  return { key, kind, keyId: activationKeyId(key), ending: groups.at(-1) ?? '' };
};

/** The greatest multiple of the alphabet's size in a byte: bytes from there on would favour the first symbols. */
const BYTE_END = 256 - (256 % SIZE);

const randomSymbols = (randomBytes: (size: number) => Uint8Array): string => {
  let symbols = '';
  while (symbols.length < RANDOM_SYMBOLS) {
    for (const byte of randomBytes(RANDOM_SYMBOLS - symbols.length)) if (byte < BYTE_END) symbols += ALPHABET.charAt(byte % SIZE);
  }
  return symbols;
};

/**
 * Draws a key of a kind: 23 symbols of chance, some 114 bits, so that nobody finds one by trying.
 *
 * @param randomBytes `node:crypto`'s; in tests bytes from a seed
 */
export const newActivationKey = (kind: ActivationKeyKind, randomBytes: (size: number) => Uint8Array): ActivationKey => {
  const payload = letterOf[kind] + randomSymbols(randomBytes);
  const groups = Array.from({ length: GROUPS }, (_, index) => {
    const symbols = payload.slice(index * PAYLOAD_PER_GROUP, (index + 1) * PAYLOAD_PER_GROUP);
    return symbols + checkSymbolOf(symbols, index);
  });
  return described(groups, kind);
};

/** Reads a key as somebody typed it. `misread` is a mistake of the hand, told apart from a key that nobody issued; the detail quotes nothing. */
export const parseActivationKey = (text: string): ReadActivationKey => {
  const found = readGroups(text, { what: 'key', groups: GROUPS, symbolsPerGroup: PAYLOAD_PER_GROUP + 1, holds });
  if (found.status === 'misread') return found;
  const groups = found.groups.map(withoutLookalikes);
  const kind = kindOf(groups[0] ?? '');
  if (kind === undefined) throw new Error('a group that holds begins with a kind');
  return { status: 'read', ...described(groups, kind) };
};
