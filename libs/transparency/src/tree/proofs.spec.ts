import fc from 'fast-check';
import { consistencyProof, inclusionProof, rootAt } from '../tiles/proofs.js';
import { treeOf } from '../tiles/tree-of.fixture.js';
import type { ConsistencyClaim } from './consistency.verify.js';
import { verifyConsistency } from './consistency.verify.js';
import type { InclusionClaim } from './inclusion.verify.js';
import { verifyInclusion } from './inclusion.verify.js';
import { leavesUpTo, naiveTreeOf } from './naive-tree.fixture.js';

const SIZE_MAX = 300; // past one tile of 256, so that a proof is joined from two levels of them
const leaves = leavesUpTo(SIZE_MAX);
const naive = naiveTreeOf(leaves);
const { tiles } = treeOf(leaves);
const rootOf = naive.root;
const text = (proof: readonly Uint8Array[]): string => Buffer.concat(proof).toString('hex');

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

/** Where the shape of the tree, or that of its tiles, changes. */
const SIZES_ALWAYS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 127, 128, 129, 255, 256, 257, 258, SIZE_MAX];

const expectEveryProof = async (size: number): Promise<void> => {
  const inclusions = await Promise.all(Array.from({ length: size }, (_, leafIndex) => inclusionClaim(leafIndex, size)));
  expect(inclusions.filter((claim) => !verifyInclusion(claim) || text(claim.proof) !== text(naive.inclusion(claim.leafIndex, size)))).toEqual([]);
  const consistencies = await Promise.all(Array.from({ length: size + 1 }, (_, firstSize) => consistencyClaim(firstSize, size)));
  expect(consistencies.filter((claim) => !verifyConsistency(claim) || text(claim.proof) !== text(naive.consistency(claim.firstSize, size)))).toEqual([]);
};

const sizes = fc.integer({ min: 1, max: SIZE_MAX });
const twoSizes = fc.tuple(sizes, sizes).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

describe('a proof', () => {
  it.each(SIZES_ALWAYS)('is hash for hash that of the recursive definition, and verifies, for every place in %i leaves', async (size) => {
    await expectEveryProof(size);
  });

  it('is hash for hash that of the recursive definition, and verifies, for every place in any number of leaves', async () => {
    await fc.assert(fc.asyncProperty(sizes, expectEveryProof), { numRuns: 30 });
  });

  it('needs a root, which is that of the recursive definition at every size', async () => {
    for (let size = 0; size <= SIZE_MAX; size += 1) expect(text([await rootAt(size, tiles)])).toBe(text([naive.root(size)]));
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
