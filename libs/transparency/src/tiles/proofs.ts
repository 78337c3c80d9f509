import type { CompactRange } from '../tree/frontier.js';
import { rootOf } from '../tree/frontier.js';
import { consistencyRanges, inclusionRanges } from '../tree/proof-ranges.js';
import type { LeafRange, Subtree } from '../tree/subtrees.js';
import { assertTreeSize, joinSubtrees, subtreesOf } from '../tree/subtrees.js';
import type { TileId } from './tile.js';
import { subtreeHashIn, tileOf } from './tile.js';
import type { TileReader } from './tile-reader.port.js';

const nameOf = ({ level, index }: TileId): string => `${level}/${index}`;

interface InTree {
  readonly treeSize: number;
  readonly reader: TileReader;
}

/** The hashes of complete subtrees, from one reading of as few tiles as hold them. */
const readSubtrees = async (subtrees: readonly Subtree[], { treeSize, reader }: InTree): Promise<readonly Uint8Array[]> => {
  const places = subtrees.map((subtree) => tileOf(subtree, treeSize));
  const tiles = [...new Map(places.map(({ tile }) => [nameOf(tile), tile])).values()];
  const read = tiles.length === 0 ? [] : await reader.readTiles(tiles);
  if (read.length !== tiles.length) throw new Error(`asked for ${tiles.length} tiles, got ${read.length}`);
  const hashesOf = new Map(tiles.map((tile, at) => [nameOf(tile), read[at] as Uint8Array]));
  return places.map((place) => subtreeHashIn(hashesOf.get(nameOf(place.tile)) as Uint8Array, place));
};

const readRanges = async (ranges: readonly LeafRange[], tree: InTree): Promise<readonly Uint8Array[]> => {
  const subtrees = ranges.map(subtreesOf);
  const hashes = await readSubtrees(subtrees.flat(), tree);
  let at = 0;
  return subtrees.map(({ length }) => joinSubtrees(hashes.slice(at, (at += length))));
};

/**
 * Shows that a leaf stands in a tree: at most ⌈log2 treeSize⌉ hashes, from the leaf to the root; about two tiles a level are read.
 *
 * @throws Error when the leaf lies outside the tree
 */
export const inclusionProof = async ({ leafIndex, treeSize }: { readonly leafIndex: number; readonly treeSize: number }, reader: TileReader): Promise<readonly Uint8Array[]> => {
  assertTreeSize(treeSize);
  if (!Number.isSafeInteger(leafIndex) || leafIndex < 0 || leafIndex >= treeSize) throw new Error(`a tree of ${treeSize} leaves has no leaf ${leafIndex}`);
  return readRanges(inclusionRanges(leafIndex, treeSize), { treeSize, reader });
};

/**
 * Shows that the second tree begins with all of the first; empty where the first is empty or they are the same.
 *
 * @throws Error when the first is the larger one
 */
export const consistencyProof = async ({ firstSize, secondSize }: { readonly firstSize: number; readonly secondSize: number }, reader: TileReader): Promise<readonly Uint8Array[]> => {
  assertTreeSize(firstSize);
  assertTreeSize(secondSize);
  if (firstSize > secondSize) throw new Error(`a tree of ${secondSize} leaves does not begin with ${firstSize}`);
  const ranges = firstSize === 0 || firstSize === secondSize ? [] : consistencyRanges(firstSize, secondSize);
  return readRanges(ranges, { treeSize: secondSize, reader });
};

/** The compact range of the tree as it was at a size: what a `Frontier` goes on from. */
export const compactRangeAt = async (size: number, reader: TileReader): Promise<CompactRange> => {
  assertTreeSize(size);
  return { size, subtrees: await readSubtrees(subtreesOf({ begin: 0, end: size }), { treeSize: size, reader }) };
};

/** The root of the tree as it was at a size. */
export const rootAt = async (size: number, reader: TileReader): Promise<Uint8Array> => rootOf(await compactRangeAt(size, reader));
