import type { Subtree } from '../tree/subtrees.js';
import { completeRoot, HASH_BYTES } from '../tree/node-hash.js';

/** C2SP tlog-tiles: a tile holds the 256 hashes at the foot of a subtree of height 8. */
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/** Names a tile: hashes `index × 256` to `index × 256 + width` of those over 256^level leaves. `width` is 256 unless the tree ends in it. */
export interface TileId {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

export interface Tile extends TileId {
  /** `width` hashes of 32 bytes, one after the other. */
  readonly hashes: Uint8Array;
}

const leavesAt = (level: number): number => TILE_WIDTH ** level;

/** How many hashes the tree has at a tile level: complete subtrees of 256^level leaves. */
const hashesAt = (treeSize: number, level: number): number => Math.floor(treeSize / leavesAt(level));

/** The tiles in which a tree of this size ends, lowest level first; those that are full are not among them. */
export const partialTilesOf = (treeSize: number): readonly TileId[] => {
  const tiles: TileId[] = [];
  for (let level = 0; hashesAt(treeSize, level) > 0; level += 1) {
    const width = hashesAt(treeSize, level) % TILE_WIDTH;
    if (width > 0) tiles.push({ level, index: Math.floor(hashesAt(treeSize, level) / TILE_WIDTH), width });
  }
  return tiles;
};

/** The tile of a tree of this size that a complete subtree can be computed from, and where in it the subtree's hashes stand. */
export const tileOf = (subtree: Subtree, treeSize: number): { readonly tile: TileId; readonly at: number; readonly count: number } => {
  const level = Math.floor(subtree.level / TILE_HEIGHT);
  const count = 2 ** (subtree.level % TILE_HEIGHT);
  const begin = subtree.index * count;
  const index = Math.floor(begin / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, hashesAt(treeSize, level) - index * TILE_WIDTH);
  return { tile: { level, index, width }, at: begin % TILE_WIDTH, count };
};

/** @throws Error when the tile is shorter than it should be */
export const subtreeHashIn = (hashes: Uint8Array, { at, count }: { readonly at: number; readonly count: number }): Uint8Array => {
  const end = (at + count) * HASH_BYTES;
  if (hashes.length < end) throw new Error(`a tile of ${hashes.length} bytes is too short: ${end} are needed`);
  return completeRoot(hashes.subarray(at * HASH_BYTES, end));
};

const PATH_DIGITS = 1000;

/** `tile/1/x001/x234/067.p/17`: the place of a tile below a log's prefix (C2SP tlog-tiles). */
export const tilePath = ({ level, index, width }: TileId): string => {
  const elements = [String(index % PATH_DIGITS).padStart(3, '0')];
  for (let rest = Math.floor(index / PATH_DIGITS); rest > 0; rest = Math.floor(rest / PATH_DIGITS)) elements.unshift(`x${String(rest % PATH_DIGITS).padStart(3, '0')}`);
  return `tile/${level}/${elements.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
};

const TILE_PATH = /^tile\/(0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** @returns undefined when the path is not the one spelling of a tile */
export const parseTilePath = (path: string): TileId | undefined => {
  const [, level, elements, width = TILE_WIDTH] = TILE_PATH.exec(path) ?? [];
  if (level === undefined || elements === undefined) return undefined;
  const tile = { level: Number(level), index: Number(elements.replaceAll(/[x/]/g, '')), width: Number(width) };
  return Number.isSafeInteger(tile.index) && tilePath(tile) === path ? tile : undefined;
};
