import { HASH_BYTES } from '../tree/node-hash.js';
import type { Tile } from './tile.js';
import type { TileReader } from './tile-reader.port.js';

export interface InMemoryTiles extends TileReader {
  put(tile: Tile): void;
  readonly tiles: number;
}

/** Tiles in a map, for small trees and for tests. A wider tile takes the place of a narrower one. */
export const inMemoryTiles = (): InMemoryTiles => {
  const kept = new Map<string, Uint8Array>();
  const nameOf = ({ level, index }: { readonly level: number; readonly index: number }): string => `${level}/${index}`;
  return {
    get tiles() {
      return kept.size;
    },
    put: (tile) => {
      if ((kept.get(nameOf(tile))?.length ?? 0) <= tile.hashes.length) kept.set(nameOf(tile), tile.hashes);
    },
    readTiles: async (tiles) =>
      tiles.map((tile) => {
        const hashes = kept.get(nameOf(tile));
        if (hashes === undefined || hashes.length < tile.width * HASH_BYTES) throw new Error(`there is no tile ${nameOf(tile)} of width ${tile.width}`);
        return hashes;
      }),
  };
};
