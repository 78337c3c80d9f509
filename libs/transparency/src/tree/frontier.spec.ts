import fc from 'fast-check';
import { treeOf } from '../tiles/tree-of.fixture.js';
import { createFrontier, decodeCompactRange, encodeCompactRange, rootOf } from './frontier.js';
import { hex, leafNumber, leavesUpTo, naiveRoot } from './naive-tree.fixture.js';

const SIZE_MAX = 300;
const leaves = leavesUpTo(SIZE_MAX);

describe('a frontier', () => {
  it('has the root of the recursive definition at every size', () => {
    const frontier = createFrontier();
    for (let size = 0; size <= SIZE_MAX; size += 1) {
      expect(hex(frontier.root())).toBe(hex(naiveRoot(leaves.slice(0, size))));
      if (size < SIZE_MAX) frontier.append(leaves[size]!);
    }
  });

  it('goes on from what was saved as if it had never stopped', () => {
    fc.assert(
      fc.property(fc.nat({ max: SIZE_MAX }), (stop) => {
        const before = createFrontier();
        leaves.slice(0, stop).forEach(before.append);
        const saved = encodeCompactRange(before.range());
        expect(hex(rootOf(decodeCompactRange(saved)))).toBe(hex(before.root()));
        const after = createFrontier(decodeCompactRange(saved));
        leaves.slice(stop).forEach(after.append);
        expect(hex(after.root())).toBe(hex(naiveRoot(leaves)));
        expect(saved.length).toBeLessThanOrEqual(8 + 9 * 32);
      }),
    );
  });

  it('is the same beyond 32 bits of leaves', () => {
    // A tree that cannot be built: only the rule of carrying is at stake.
    const size = 2 ** 40 + 3;
    const subtrees = [leafNumber(0), leafNumber(1), leafNumber(2)];
    const frontier = createFrontier({ size, subtrees });
    frontier.append(leafNumber(3));
    expect(frontier.range().size).toBe(2 ** 40 + 4);
    expect(frontier.range().subtrees.map(hex)).toEqual([hex(leafNumber(0)), hex(naiveRoot([leafNumber(1), naiveRoot([leafNumber(2), leafNumber(3)])]))]);
  });

  it('is not made from anything else', () => {
    expect(() => createFrontier({ size: 3, subtrees: [leafNumber(0)] })).toThrow('has 2 complete subtrees, not 1');
    expect(() => createFrontier({ size: 1, subtrees: [Buffer.alloc(31)] })).toThrow('32 bytes');
    expect(() => createFrontier({ size: -1, subtrees: [] })).toThrow('not the size of a tree');
    expect(() => decodeCompactRange(Buffer.alloc(9))).toThrow('not a compact range');
    expect(() => decodeCompactRange(Buffer.alloc(8, 0xff))).toThrow('not the size of a tree');
    expect(() => { createFrontier().append(Buffer.alloc(33)); }).toThrow('32 bytes');
  });

  it('agrees with a builder of tiles', () => {
    const frontier = createFrontier();
    leaves.forEach(frontier.append);
    expect(encodeCompactRange(treeOf(leaves).builder.range())).toEqual(encodeCompactRange(frontier.range()));
  });
});
