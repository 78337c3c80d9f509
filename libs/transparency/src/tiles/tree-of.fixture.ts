import { createTileBuilder } from './tile-builder.js';
import { inMemoryTiles } from './in-memory-tiles.js';
import type { InMemoryTiles } from './in-memory-tiles.js';
import type { TileBuilder } from './tile-builder.js';

/** A tree over leaf hashes with all tiles that its proofs need. */
export const treeOf = (leaves: Iterable<Uint8Array>): { readonly tiles: InMemoryTiles; readonly builder: TileBuilder } => {
  const tiles = inMemoryTiles();
  const builder = createTileBuilder({ onTile: tiles.put });
  for (const leaf of leaves) builder.append(leaf);
  builder.partialTiles().forEach(tiles.put);
  return { tiles, builder };
};
