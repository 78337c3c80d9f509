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

/** All roots and proofs over fixed leaves by the definitions of section 2.1; D[begin:end] is hashed once only, or nobody would wait for all of them. */
export const naiveTreeOf = (leaves: readonly Uint8Array[]) => {
  const known = new Map<string, Buffer>();
  const root = (begin: number, end: number): Buffer => {
    const name = `${begin}:${end}`;
    const found = known.get(name) ?? rootOver(begin, end);
    known.set(name, found);
    return found;
  };
  const rootOver = (begin: number, end: number): Buffer => {
    if (end - begin < 2) return end === begin ? sha256() : Buffer.from(leaves[begin]!);
    const k = begin + largestPowerBelow(end - begin);
    return sha256(Buffer.of(1), root(begin, k), root(k, end));
  };
  /** PATH(m, D_n): m counts from `begin`. */
  const path = (m: number, begin: number, end: number): readonly Buffer[] => {
    if (end - begin === 1) return [];
    const k = largestPowerBelow(end - begin);
    return m < k ? [...path(m, begin, begin + k), root(begin + k, end)] : [...path(m - k, begin + k, end), root(begin, begin + k)];
  };
  const subproof = (m: number, [begin, end]: readonly [number, number], complete: boolean): readonly Buffer[] => {
    if (m === end - begin) return complete ? [] : [root(begin, end)];
    const k = largestPowerBelow(end - begin);
    return m <= k ? [...subproof(m, [begin, begin + k], complete), root(begin + k, end)] : [...subproof(m - k, [begin + k, end], false), root(begin, begin + k)];
  };
  return {
    root: (size: number): Buffer => root(0, size),
    inclusion: (m: number, size: number): readonly Buffer[] => path(m, 0, size),
    /** PROOF(m, D_n) is defined for 0 < m ≤ n; nothing needs no proof. */
    consistency: (m: number, size: number): readonly Buffer[] => (m === 0 ? [] : subproof(m, [0, size], true)),
  };
};

export const leafNumber = (index: number): Buffer => naiveLeafHash(Buffer.from(`leaf ${index}`));

export const leavesUpTo = (count: number): readonly Buffer[] => Array.from({ length: count }, (_, index) => leafNumber(index));

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
