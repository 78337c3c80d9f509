import { hash } from 'node:crypto';

export const HASH_BYTES = 32;

/** RFC 9162 section 2.1.1 separates leaves (0x00) from inner nodes (0x01). The ledger's leaf hashes carry the former already. */
const NODE_PREFIX = 0x01;

/** MTH of the empty list: SHA-256 of nothing. */
export const EMPTY_ROOT: Uint8Array = Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex');

/**
 * What is hashed next. One buffer for all nodes: hashing is synchronous, so nobody else can hold it meanwhile.
 * By way of a string written into place, which costs 0.34 µs a node, where `createHash` takes 1.05 and `hash(…, 'buffer')` 0.75.
 */
const input = Buffer.alloc(1 + HASH_BYTES * 2, NODE_PREFIX);
const LEFT = 1;
const RIGHT = LEFT + HASH_BYTES;

export const assertHash = (bytes: Uint8Array): void => {
  if (bytes.length !== HASH_BYTES) throw new Error(`a hash must have ${HASH_BYTES} bytes`);
};

export const sameHash = (a: Uint8Array, b: Uint8Array): boolean => a.length === HASH_BYTES && Buffer.compare(a, b) === 0;

/** SHA-256 over `0x01`, left and right. @throws Error when either is not 32 bytes */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => {
  assertHash(left);
  assertHash(right);
  input.set(left, LEFT);
  input.set(right, RIGHT);
  return Buffer.from(hash('sha256', input, 'binary'), 'binary');
};

/** Merges one leaf with the complete subtrees that end where it begins; `levels` holds one of each height, lowest first. */
export const carryInto = (levels: Buffer, { size, leaf }: { readonly size: number; readonly leaf: Uint8Array }): void => {
  input.set(leaf, RIGHT);
  let at = 0;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    levels.copy(input, LEFT, at, at + HASH_BYTES);
    input.write(hash('sha256', input, 'binary'), RIGHT, 'binary');
    at += HASH_BYTES;
  }
  input.copy(levels, at, RIGHT);
};

/** The root over 1, 2, 4, … hashes that stand one after the other. @throws Error when their number is no power of two */
export const completeRoot = (hashes: Uint8Array): Uint8Array => {
  const row = Buffer.from(hashes);
  let count = row.length / HASH_BYTES;
  if (!Number.isInteger(Math.log2(count))) throw new Error('a complete subtree has a power of two of hashes');
  for (; count > 1; count /= 2) {
    for (let pair = 0; pair < count / 2; pair += 1) {
      row.copy(input, LEFT, pair * HASH_BYTES * 2, (pair + 1) * HASH_BYTES * 2);
      row.write(hash('sha256', input, 'binary'), pair * HASH_BYTES, 'binary');
    }
  }
  return row.subarray(0, HASH_BYTES);
};
