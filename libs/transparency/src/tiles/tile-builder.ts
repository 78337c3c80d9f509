import type { CompactRange } from '../tree/frontier.js';
import { rootOf } from '../tree/frontier.js';
import { assertHash, completeRoot, HASH_BYTES } from '../tree/node-hash.js';
import { assertTreeSize, subtreesOf } from '../tree/subtrees.js';
import type { Tile } from './tile.js';
import { partialTilesOf, subtreeHashIn, TILE_WIDTH, tileOf } from './tile.js';

/** What a builder goes on from: the tiles in which the tree ends, as {@link TileBuilder.partialTiles} gave them. */
export interface TileBuilderState {
  readonly size: number;
  readonly partialTiles: readonly Tile[];
}

export interface TileBuilderOptions {
  /** Told of each tile as it becomes full, lower levels first. Its bytes are the receiver's to keep. */
  readonly onTile: (tile: Tile) => void;
  readonly from?: TileBuilderState;
}

/** A tree that grows by leaf hashes, and gives its tiles away as they become full. Holds at most 255 hashes a level. */
export interface TileBuilder {
  readonly size: number;
  /** @throws Error when the leaf hash is not 32 bytes */
  append(leafHash: Uint8Array): void;
  /** Up to 255 hashes a level: for checkpoints, not for each leaf. */
  root(): Uint8Array;
  /** What a `Frontier` goes on from. */
  range(): CompactRange;
  /** The tiles in which the tree ends; kept with a checkpoint, they let proofs be made and the builder go on. */
  partialTiles(): readonly Tile[];
}

interface OpenTile {
  readonly bytes: Buffer;
  width: number;
  index: number;
}

const emptyTile = (): OpenTile => ({ bytes: Buffer.alloc(TILE_WIDTH * HASH_BYTES), width: 0, index: 0 });

/** @throws Error when the tiles are not those in which a tree of that size ends */
const openTiles = ({ size, partialTiles }: TileBuilderState): OpenTile[] => {
  assertTreeSize(size);
  const expected = partialTilesOf(size);
  if (expected.length !== partialTiles.length) throw new Error(`a tree of ${size} leaves ends in ${expected.length} tiles, not ${partialTiles.length}`);
  const levels: OpenTile[] = [];
  for (let count = size; count > 0; count = Math.floor(count / TILE_WIDTH)) levels.push({ ...emptyTile(), index: Math.floor(count / TILE_WIDTH) });
  for (const { level, index, width } of expected) {
    const tile = partialTiles.find((one) => one.level === level && one.index === index && one.width === width);
    const open = levels[level];
    if (open === undefined || tile?.hashes.length !== width * HASH_BYTES) throw new Error(`a tree of ${size} leaves ends in a tile of width ${width} at level ${level}, which is missing`);
    open.bytes.set(tile.hashes);
    open.width = width;
  }
  return levels;
};

/** @throws Error when `from` is not the state of a builder */
export const createTileBuilder = ({ onTile, from = { size: 0, partialTiles: [] } }: TileBuilderOptions): TileBuilder => {
  const levels = openTiles(from);
  let { size } = from;

  const add = (level: number, hash: Uint8Array): void => {
    const open = (levels[level] ??= emptyTile());
    open.bytes.set(hash, open.width * HASH_BYTES);
    open.width += 1;
    if (open.width < TILE_WIDTH) return;
    onTile({ level, index: open.index, width: TILE_WIDTH, hashes: Buffer.from(open.bytes) });
    open.width = 0;
    open.index += 1;
    add(level + 1, completeRoot(open.bytes));
  };

  const range = (): CompactRange => {
    const subtrees = subtreesOf({ begin: 0, end: size }).map((subtree) => {
      const place = tileOf(subtree, size);
      return subtreeHashIn((levels[place.tile.level] as OpenTile).bytes, place);
    });
    return { size, subtrees };
  };

  return {
    get size() {
      return size;
    },
    append: (leaf) => {
      assertHash(leaf);
      add(0, leaf);
      size += 1;
    },
    root: () => rootOf(range()),
    range,
    partialTiles: () => levels.flatMap(({ bytes, width, index }, level) => (width === 0 ? [] : [{ level, index, width, hashes: Buffer.from(bytes.subarray(0, width * HASH_BYTES)) }])),
  };
};
