import { assertHash, carryInto, EMPTY_ROOT, HASH_BYTES } from './node-hash.js';
import { assertTreeSize, joinSubtrees } from './subtrees.js';

/** All that a tree needs to grow: the complete subtrees of its binary digits, the largest (leftmost) first. At most 53 hashes. */
export interface CompactRange {
  readonly size: number;
  readonly subtrees: readonly Uint8Array[];
}

const LEVELS_MAX = 53; // as many binary digits as a safe integer has
const SIZE_BYTES = 8;

export const EMPTY_RANGE: CompactRange = { size: 0, subtrees: [] };

/** The heights of the subtrees of a tree of this size, highest first. */
const heightsOf = (size: number): readonly number[] => {
  const heights: number[] = [];
  for (let [height, rest] = [0, size]; rest > 0; height += 1, rest = Math.floor(rest / 2)) if (rest % 2 === 1) heights.unshift(height);
  return heights;
};

/** @throws Error when the number of hashes is not that of the size's binary ones, or one is not 32 bytes */
const assertRange = ({ size, subtrees }: CompactRange): void => {
  assertTreeSize(size);
  if (subtrees.length !== heightsOf(size).length) throw new Error(`a tree of ${size} leaves has ${heightsOf(size).length} complete subtrees, not ${subtrees.length}`);
  subtrees.forEach(assertHash);
};

/** MTH of the tree: RFC 9162 section 2.1.1. */
export const rootOf = ({ size, subtrees }: CompactRange): Uint8Array => (size === 0 ? EMPTY_ROOT : joinSubtrees(subtrees));

/** Size as u64, big endian, then the hashes: at most 432 bytes. */
export const encodeCompactRange = (range: CompactRange): Uint8Array => {
  assertRange(range);
  const size = Buffer.alloc(SIZE_BYTES);
  size.writeBigUInt64BE(BigInt(range.size));
  return Buffer.concat([size, ...range.subtrees]);
};

/** @throws Error when the bytes are not what {@link encodeCompactRange} makes */
export const decodeCompactRange = (bytes: Uint8Array): CompactRange => {
  const view = Buffer.from(bytes);
  if (view.length < SIZE_BYTES || (view.length - SIZE_BYTES) % HASH_BYTES !== 0) throw new Error('not a compact range');
  const subtrees = Array.from({ length: (view.length - SIZE_BYTES) / HASH_BYTES }, (_, at) => view.subarray(SIZE_BYTES + at * HASH_BYTES, SIZE_BYTES + (at + 1) * HASH_BYTES));
  const range = { size: Number(view.readBigUInt64BE()), subtrees };
  assertRange(range);
  return range;
};

/** A tree that only grows, in memory that does not. */
export interface Frontier {
  readonly size: number;
  /** @throws Error when the leaf hash is not 32 bytes */
  append(leafHash: Uint8Array): void;
  root(): Uint8Array;
  /** What {@link createFrontier} goes on from. */
  range(): CompactRange;
}

/** A frontier that goes on from `from`; from nothing where it is left out. @throws Error when `from` is not well formed */
export const createFrontier = (from: CompactRange = EMPTY_RANGE): Frontier => {
  assertRange(from);
  const levels = Buffer.alloc(LEVELS_MAX * HASH_BYTES);
  let { size } = from;
  heightsOf(size).forEach((height, at) => levels.set(from.subtrees[at] as Uint8Array, height * HASH_BYTES));
  const range = (): CompactRange => ({ size, subtrees: heightsOf(size).map((height) => Buffer.from(levels.subarray(height * HASH_BYTES, (height + 1) * HASH_BYTES))) });
  return {
    get size() {
      return size;
    },
    append: (leaf) => {
      assertHash(leaf);
      carryInto(levels, { size, leaf });
      size += 1;
    },
    root: () => rootOf(range()),
    range,
  };
};
