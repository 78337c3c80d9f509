import { nodeHash } from './node-hash.js';

/** Leaves `begin` (inclusive) to `end` (exclusive), counted from 0. */
export interface LeafRange {
  readonly begin: number;
  readonly end: number;
}

/** A complete subtree: the `index`-th of those over 2^level leaves. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** Places are JavaScript integers, not BigInt: a ledger of 2^53 events is out of anybody's reach. @throws Error */
export const assertTreeSize = (size: number): void => {
  if (!Number.isSafeInteger(size) || size < 0) throw new Error(`${size} is not the size of a tree`);
};

/** The complete subtrees that a range consists of, from left to right. */
export const subtreesOf = ({ begin, end }: LeafRange): readonly Subtree[] => {
  const found: Subtree[] = [];
  for (let at = begin; at < end; ) {
    let [level, width] = [0, 1];
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      level += 1;
      width *= 2;
    }
    found.push({ level, index: at / width });
    at += width;
  }
  return found;
};

/** MTH over a range from the hashes of its complete subtrees: the smaller ones, on the right, are joined first (RFC 9162 section 2.1.1). */
export const joinSubtrees = (hashes: readonly Uint8Array[]): Uint8Array => {
  if (hashes.length === 0) throw new Error('no hashes to join');
  return hashes.reduceRight((right, left) => nodeHash(left, right));
};

/** The largest power of two smaller than `size`, which is at least 2. */
export const splitOf = (size: number): number => {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
};
