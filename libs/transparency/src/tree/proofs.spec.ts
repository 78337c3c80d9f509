import fc from 'fast-check';
import { consistencyProof, inclusionProof, rootAt } from '../tiles/proofs.js';
import { treeOf } from '../tiles/tree-of.fixture.js';
import type { ConsistencyClaim } from './consistency.verify.js';
import { verifyConsistency } from './consistency.verify.js';
import type { InclusionClaim } from './inclusion.verify.js';
import { verifyInclusion } from './inclusion.verify.js';
import { hex, leavesUpTo, naiveConsistency, naiveInclusion, naiveRoot } from './naive-tree.fixture.js';

const SIZE_MAX = 300; // past one tile of 256, so that a proof is joined from two levels of them
const leaves = leavesUpTo(SIZE_MAX);
const roots = Array.from({ length: SIZE_MAX + 1 }, (_, size) => naiveRoot(leaves.slice(0, size)));
const { tiles } = treeOf(leaves);
const rootOf = (size: number): Buffer => roots[size]!;

const inclusionClaim = async (leafIndex: number, treeSize: number): Promise<InclusionClaim> => ({
  ...{ leafIndex, treeSize, leafHash: leaves[leafIndex]!, root: rootOf(treeSize) },
  proof: await inclusionProof({ leafIndex, treeSize }, tiles),
});

const consistencyClaim = async (firstSize: number, secondSize: number): Promise<ConsistencyClaim> => ({
  ...{ firstSize, firstRoot: rootOf(firstSize), secondSize, secondRoot: rootOf(secondSize) },
  proof: await consistencyProof({ firstSize, secondSize }, tiles),
});

const flipped = (bytes: Uint8Array, bit: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
};
const BITS = 256;
const everyBit = Array.from({ length: BITS }, (_, bit) => bit);

/** Every proof with one bit changed, one hash left out, one put in, or two swapped. */
const otherProofs = (proof: readonly Uint8Array[]): (readonly Uint8Array[])[] => [
  ...proof.flatMap((one, at) => everyBit.map((bit) => proof.with(at, flipped(one, bit)))),
  ...proof.map((_, at) => proof.toSpliced(at, 1)),
  ...[...proof, rootOf(1)].map((one, at) => proof.toSpliced(at, 0, one)),
  ...proof.slice(1).map((one, at) => proof.with(at, one).with(at + 1, proof[at]!)),
  ...proof.map((one, at) => proof.with(at, one.subarray(1))),
];

const sizes = fc.integer({ min: 1, max: SIZE_MAX });
const twoSizes = fc.tuple(sizes, sizes).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

describe('a proof', () => {
  it('of inclusion is what the definition says, and verifies, for every leaf of every size', async () => {
    for (let treeSize = 1; treeSize <= SIZE_MAX; treeSize += 1) {
      const claims = await Promise.all(Array.from({ length: treeSize }, (_, leafIndex) => inclusionClaim(leafIndex, treeSize)));
      expect(claims.filter((claim) => !verifyInclusion(claim))).toEqual([]);
    }
  });

  it('of consistency verifies for every two sizes', async () => {
    for (let secondSize = 0; secondSize <= SIZE_MAX; secondSize += 1) {
      const claims = await Promise.all(Array.from({ length: secondSize + 1 }, (_, firstSize) => consistencyClaim(firstSize, secondSize)));
      expect(claims.filter((claim) => !verifyConsistency(claim))).toEqual([]);
    }
  });

  it('is hash for hash the one of the recursive definition', async () => {
    await fc.assert(
      fc.asyncProperty(twoSizes, fc.nat(), async ([first, second], draw) => {
        const leafIndex = draw % second;
        const inclusion = await inclusionProof({ leafIndex, treeSize: second }, tiles);
        expect(inclusion.map(hex)).toEqual(naiveInclusion(leafIndex, leaves.slice(0, second)).map(hex));
        const consistency = await consistencyProof({ firstSize: first, secondSize: second }, tiles);
        expect(consistency.map(hex)).toEqual(naiveConsistency(first, leaves.slice(0, second)).map(hex));
        expect(hex(await rootAt(first, tiles))).toBe(hex(rootOf(first)));
      }),
      { numRuns: 100 },
    );
  });

  it('of inclusion is refused with any bit of it, of the leaf or of the root changed, or for another place', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (treeSize, draw) => {
        const claim = await inclusionClaim(draw % treeSize, treeSize);
        const others: InclusionClaim[] = [
          ...otherProofs(claim.proof).map((proof) => ({ ...claim, proof })),
          ...everyBit.map((bit) => ({ ...claim, root: flipped(claim.root, bit) })),
          ...everyBit.map((bit) => ({ ...claim, leafHash: flipped(claim.leafHash, bit) })),
          ...[-1, claim.leafIndex - 1, claim.leafIndex + 1, 0.5, Number.NaN, treeSize].map((leafIndex) => ({ ...claim, leafIndex })).filter(({ leafIndex }) => leafIndex !== claim.leafIndex),
          { ...claim, treeSize: treeSize * 2 },
          { ...claim, treeSize: Math.floor(treeSize / 2) },
          { ...claim, root: claim.root.subarray(1) },
        ];
        expect(others.filter(verifyInclusion)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it('of consistency is refused with any bit of it or of a root changed, or for other sizes', async () => {
    await fc.assert(
      fc.asyncProperty(twoSizes, async ([firstSize, secondSize]) => {
        const claim = await consistencyClaim(firstSize, secondSize);
        const others: ConsistencyClaim[] = [
          ...otherProofs(claim.proof).map((proof) => ({ ...claim, proof })),
          ...everyBit.map((bit) => ({ ...claim, firstRoot: flipped(claim.firstRoot, bit) })),
          ...everyBit.map((bit) => ({ ...claim, secondRoot: flipped(claim.secondRoot, bit) })),
          { ...claim, firstSize: secondSize, firstRoot: claim.secondRoot, secondSize: firstSize, secondRoot: claim.firstRoot },
          { ...claim, firstSize: firstSize + 1 },
          { ...claim, firstSize: firstSize - 1 },
          { ...claim, secondSize: secondSize * 2 },
        ].filter((other) => other.firstSize !== other.secondSize || other.firstRoot !== other.secondRoot || other.proof.length > 0);
        expect(others.filter(verifyConsistency)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it('of what no tree holds is not made', async () => {
    await expect(inclusionProof({ leafIndex: 8, treeSize: 8 }, tiles)).rejects.toThrow('no leaf 8');
    await expect(inclusionProof({ leafIndex: -1, treeSize: 8 }, tiles)).rejects.toThrow('no leaf -1');
    await expect(consistencyProof({ firstSize: 9, secondSize: 8 }, tiles)).rejects.toThrow('does not begin with 9');
    await expect(rootAt(SIZE_MAX + 1, tiles)).rejects.toThrow('no tile');
  });
});
