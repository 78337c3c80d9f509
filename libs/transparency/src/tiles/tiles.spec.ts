import fc from 'fast-check';
import { createFrontier, encodeCompactRange } from '../tree/frontier.js';
import { verifyConsistency } from '../tree/consistency.verify.js';
import { verifyInclusion } from '../tree/inclusion.verify.js';
import { hex, leafNumber, leavesUpTo, naiveRoot } from '../tree/naive-tree.fixture.js';
import { inMemoryTiles } from './in-memory-tiles.js';
import { compactRangeAt, consistencyProof, inclusionProof, rootAt } from './proofs.js';
import type { Tile, TileId } from './tile.js';
import { parseTilePath, partialTilesOf, tilePath } from './tile.js';
import { createTileBuilder } from './tile-builder.js';
import { treeOf } from './tree-of.fixture.js';

/** The example of C2SP tlog-tiles. */
const EXAMPLE_SIZE = 70_000;

describe('the tiles of a tree', () => {
  it('are those of the example of tlog-tiles', () => {
    expect(partialTilesOf(EXAMPLE_SIZE)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
    expect(partialTilesOf(256)).toEqual([{ level: 1, index: 0, width: 1 }]);
    expect(partialTilesOf(0)).toEqual([]);
  });

  it('are emitted in order as they become full, and go on from what was kept', () => {
    const leaves = leavesUpTo(EXAMPLE_SIZE);
    const emitted: Tile[] = [];
    const onTile = (tile: Tile) => emitted.push(tile);
    let builder = createTileBuilder({ onTile });
    leaves.forEach((leaf, index) => {
      if (index % 9_973 === 0) builder = createTileBuilder({ onTile, from: { size: builder.size, partialTiles: builder.partialTiles() } });
      builder.append(leaf);
    });
    expect(emitted.filter(({ level }) => level === 0).map(({ index }) => index)).toEqual(Array.from({ length: 273 }, (_, index) => index));
    expect(emitted.filter(({ level }) => level === 1).map(({ index }) => index)).toEqual([0]);
    expect(hex(Buffer.concat(emitted.filter(({ level }) => level === 0).map(({ hashes }) => hashes)))).toBe(hex(Buffer.concat(leaves.slice(0, 273 * 256))));
    const second = emitted.find(({ level }) => level === 1)!;
    expect(hex(second.hashes.subarray(32, 64))).toBe(hex(naiveRoot(leaves.slice(256, 512))));
    const frontier = createFrontier();
    leaves.forEach(frontier.append);
    expect(hex(builder.root())).toBe(hex(frontier.root()));
    expect(builder.partialTiles().map(({ level, index, width }) => ({ level, index, width }))).toEqual(partialTilesOf(EXAMPLE_SIZE));
  });

  it('do not go on from what does not belong to the size', () => {
    const { builder } = treeOf(leavesUpTo(300));
    const onTile = (): void => undefined;
    expect(() => createTileBuilder({ onTile, from: { size: 300, partialTiles: [] } })).toThrow('ends in 2 tiles, not 0');
    expect(() => createTileBuilder({ onTile, from: { size: 301, partialTiles: builder.partialTiles() } })).toThrow('width 45 at level 0, which is missing');
    expect(() => { builder.append(Buffer.alloc(31)); }).toThrow('32 bytes');
  });

  it('give every proof of a tree of three levels, also of what it once was', async () => {
    const SIZE = 66_000;
    const leaves = leavesUpTo(SIZE);
    const { tiles } = treeOf(leaves);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: SIZE }), fc.nat(), fc.nat(), async (treeSize, a, b) => {
        // Of an older tree only what has become full since may be asked for: the tiles it ended in are gone.
        const leafIndex = a % treeSize;
        const firstSize = 1 + (b % treeSize);
        const root = await rootAt(treeSize, tiles);
        const proof = await inclusionProof({ leafIndex, treeSize }, tiles);
        expect(verifyInclusion({ leafIndex, treeSize, leafHash: leaves[leafIndex]!, root, proof })).toBe(true);
        const consistency = await consistencyProof({ firstSize, secondSize: treeSize }, tiles);
        expect(verifyConsistency({ firstSize, firstRoot: await rootAt(firstSize, tiles), secondSize: treeSize, secondRoot: root, proof: consistency })).toBe(true);
      }),
      { numRuns: 100 },
    );
    const frontier = createFrontier();
    leaves.slice(0, 65_537).forEach(frontier.append);
    expect(encodeCompactRange(await compactRangeAt(65_537, tiles))).toEqual(encodeCompactRange(frontier.range()));
  });

  it('are read but a few, and in one go, for a proof in ten million leaves', async () => {
    const asked: (readonly TileId[])[] = [];
    const reader = {
      readTiles: async (ids: readonly TileId[]) => {
        asked.push(ids);
        return ids.map(({ width }) => Buffer.alloc(width * 32, 7));
      },
    };
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 9_999_999 }), async (leafIndex) => {
        asked.length = 0;
        const proof = await inclusionProof({ leafIndex, treeSize: 10_000_000 }, reader);
        expect(proof.length).toBeLessThanOrEqual(24);
        await consistencyProof({ firstSize: leafIndex + 1, secondSize: 10_000_000 }, reader);
        expect(asked).toHaveLength(leafIndex === 9_999_999 ? 1 : 2);
        expect(Math.max(...asked.map(({ length }) => length))).toBeLessThanOrEqual(6);
      }),
    );
  });

  it('are not made up where the reader has none', async () => {
    await expect(rootAt(1, inMemoryTiles())).rejects.toThrow('no tile 0/0');
    await expect(rootAt(1, { readTiles: async () => [Buffer.alloc(31)] })).rejects.toThrow('too short');
    await expect(rootAt(1, { readTiles: async () => [] })).rejects.toThrow('got 0');
    const tiles = inMemoryTiles();
    tiles.put({ level: 0, index: 0, width: 1, hashes: leafNumber(0) });
    expect(tiles.tiles).toBe(1);
  });
});

describe('the path of a tile', () => {
  it('is that of tlog-tiles', () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 1, index: 0, width: 17 })).toBe('tile/1/000.p/17');
    expect(tilePath({ level: 0, index: 1000, width: 256 })).toBe('tile/0/x001/000');
  });

  it('names one tile only', () => {
    fc.assert(
      fc.property(fc.nat({ max: 6 }), fc.nat(), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
        expect(parseTilePath(tilePath({ level, index, width }))).toEqual({ level, index, width });
      }),
    );
    for (const path of ['tile/00/000', 'tile/0/0', 'tile/0/x000/001', 'tile/0/000.p/0', 'tile/0/000.p/256', 'tile/0/000.p/01', 'tile/0/001/000', '/tile/0/000']) expect(parseTilePath(path)).toBeUndefined();
  });
});
