import { nodeHash, sameHash, HASH_BYTES } from './node-hash.js';

export interface InclusionClaim {
  /** From 0: a ledger's position less one. */
  readonly leafIndex: number;
  readonly treeSize: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
  /** From the leaf to the root. */
  readonly proof: readonly Uint8Array[];
}

/** Whether the leaf stands at that place of the tree with that root: RFC 9162 section 2.1.3.2. Never throws for what it is told. */
export const verifyInclusion = ({ leafIndex, treeSize, leafHash, root, proof }: InclusionClaim): boolean => {
  if (!Number.isSafeInteger(leafIndex) || !Number.isSafeInteger(treeSize) || leafIndex < 0 || leafIndex >= treeSize) return false;
  if ([leafHash, ...proof].some(({ length }) => length !== HASH_BYTES)) return false;
  let [place, last] = [leafIndex, treeSize - 1];
  let found = leafHash;
  for (const beside of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      found = nodeHash(beside, found);
      // The last leaf of an uneven tree has no neighbour on the lower levels: it rises without being hashed.
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else {
      found = nodeHash(found, beside);
    }
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && sameHash(found, root);
};
