import { createHash } from 'node:crypto';

/** RFC 9162 section 2.1, word for word and for any cost: what the fast code is held against. */
const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

const largestPowerBelow = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1);

export const naiveLeafHash = (data: Uint8Array): Buffer => sha256(Buffer.of(0), data);

/** MTH over leaf hashes. */
export const naiveRoot = (leaves: readonly Uint8Array[]): Buffer => {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return Buffer.from(only);
  const k = largestPowerBelow(leaves.length);
  return sha256(Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
};

/** PATH(m, D_n). */
export const naiveInclusion = (m: number, leaves: readonly Uint8Array[]): readonly Buffer[] => {
  if (leaves.length === 1) return [];
  const k = largestPowerBelow(leaves.length);
  return m < k ? [...naiveInclusion(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))] : [...naiveInclusion(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))];
};

const subproof = (m: number, leaves: readonly Uint8Array[], complete: boolean): readonly Buffer[] => {
  if (m === leaves.length) return complete ? [] : [naiveRoot(leaves)];
  const k = largestPowerBelow(leaves.length);
  return m <= k ? [...subproof(m, leaves.slice(0, k), complete), naiveRoot(leaves.slice(k))] : [...subproof(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))];
};

/** PROOF(m, D_n), for 0 < m ≤ n. */
export const naiveConsistency = (m: number, leaves: readonly Uint8Array[]): readonly Buffer[] => subproof(m, leaves, true);

export const leafNumber = (index: number): Buffer => naiveLeafHash(Buffer.from(`leaf ${index}`));

export const leavesUpTo = (count: number): readonly Buffer[] => Array.from({ length: count }, (_, index) => leafNumber(index));

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
