import type { TileId } from './tile.js';

/** Where tiles are kept: a table, a directory, an address. */
export interface TileReader {
  /**
   * The hashes of each tile, in the order asked for, each once.
   *
   * A tile of width w may be answered by a wider one of the same place: its first w hashes are the same for ever.
   * @throws whatever the store throws, also when a tile is missing
   */
  readTiles(tiles: readonly TileId[]): Promise<readonly Uint8Array[]>;
}
