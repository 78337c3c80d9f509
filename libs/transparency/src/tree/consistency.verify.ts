import { EMPTY_ROOT, HASH_BYTES, nodeHash, sameHash } from './node-hash.js';

export interface ConsistencyClaim {
  readonly firstSize: number;
  readonly firstRoot: Uint8Array;
  readonly secondSize: number;
  readonly secondRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

const isPowerOfTwo = (size: number): boolean => Number.isInteger(Math.log2(size));

/** Both roots from one proof; undefined when it is too long or too short for the sizes. */
const rootsFrom = ({ firstSize, firstRoot, secondSize, proof }: ConsistencyClaim): readonly [Uint8Array, Uint8Array] | undefined => {
  const [seed, ...rest] = isPowerOfTwo(firstSize) ? [firstRoot, ...proof] : proof;
  if (seed === undefined) return undefined;
  let [place, last] = [firstSize - 1, secondSize - 1];
  while (place % 2 === 1) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  let [first, second] = [seed, seed];
  for (const beside of rest) {
    if (last === 0) return undefined;
    if (place % 2 === 1 || place === last) {
      first = nodeHash(beside, first);
      second = nodeHash(beside, second);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else {
      second = nodeHash(second, beside);
    }
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 ? [first, second] : undefined;
};

/** Whether the second tree begins with all of the first: RFC 9162 section 2.1.4.2. Never throws for what it is told. */
export const verifyConsistency = (claim: ConsistencyClaim): boolean => {
  const { firstSize, firstRoot, secondSize, secondRoot, proof } = claim;
  if (!Number.isSafeInteger(firstSize) || !Number.isSafeInteger(secondSize) || firstSize < 0 || firstSize > secondSize) return false;
  if ([firstRoot, secondRoot, ...proof].some(({ length }) => length !== HASH_BYTES)) return false;
  if (firstSize === secondSize) return proof.length === 0 && sameHash(firstRoot, secondRoot) && (firstSize > 0 || sameHash(firstRoot, EMPTY_ROOT));
  // Everything begins with nothing.
  if (firstSize === 0) return proof.length === 0 && sameHash(firstRoot, EMPTY_ROOT);
  if (proof.length === 0) return false;
  const roots = rootsFrom(claim);
  return roots !== undefined && sameHash(roots[0], firstRoot) && sameHash(roots[1], secondRoot);
};
