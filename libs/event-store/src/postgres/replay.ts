import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '@muster/kernel';
import type { PoolClient } from 'pg';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { ColumnsRow, ReplayQuery } from '../event-store.port.js';
import { COPY_STALL_MS_MAX } from './connection-settings.js';
import type { Connections } from './connections.js';
import { COPY_COLUMNS, copyRowParser } from './copy-row-parser.js';

/** One statement reads so much: under a second, so that it holds back neither vacuum nor the making of partitions. */
const CHUNK_POSITIONS = 250_000;

/** Read ahead of the fold: a few thousand rows. */
const STREAM_BYTES = 1024 * 1024;

interface Chunk {
  readonly ledger: string;
  /** Exclusive. */
  readonly after: number;
  /** Inclusive. */
  readonly upTo: number;
}

// COPY takes no parameters: the name is quoted and the bounds are numbers.
const copySql = ({ ledger, after, upTo }: Chunk): string =>
  `copy (select ${COPY_COLUMNS} from muster.events where ledger = ${pg.escapeLiteral(ledger)} and position > ${after} and position <= ${upTo} order by position) to stdout (format binary)`;

const copyChunk = async (client: PoolClient, chunk: Chunk, onRow: (row: ColumnsRow) => void): Promise<void> => {
  const parse = copyRowParser(onRow);
  const copy = client.query(copyTo(copySql(chunk), { highWaterMark: STREAM_BYTES }));
  const stalled = setTimeout(() => copy.destroy(new Problem('unavailable', 'the database stopped answering in the middle of a replay')), COPY_STALL_MS_MAX);
  const sink = new Writable({
    highWaterMark: STREAM_BYTES,
    write: (bytes: Buffer, _encoding, done) => {
      stalled.refresh();
      try {
        parse(bytes);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
  try {
    await pipeline(copy, sink);
  } finally {
    clearTimeout(stalled);
  }
};

/** Each row must be exactly one above the one before: a missing event would make every state after it wrong. */
const contiguous = (ledger: string, after: number, onRow: (row: ColumnsRow) => void): { readonly onRow: (row: ColumnsRow) => void; readonly position: () => number } => {
  let position = after;
  return {
    onRow: (row) => {
      if (row.position !== position + 1) throw new Error(`ledger ${ledger} has no event at position ${position + 1}`);
      position = row.position;
      onRow(row);
    },
    position: () => position,
  };
};

export const replay = async (connections: Connections, { ledger, after, upTo }: ReplayQuery, onRow: (row: ColumnsRow) => void): Promise<void> => {
  if (![after, upTo].every(Number.isSafeInteger)) throw new Error(`not positions: ${after}, ${upTo}`);
  const checked = contiguous(ledger, after, onRow);
  await connections.withBulkClient(async (client) => {
    for (let from = after; from < upTo; from += CHUNK_POSITIONS) {
      const end = Math.min(upTo, from + CHUNK_POSITIONS);
      await copyChunk(client, { ledger, after: from, upTo: end }, checked.onRow);
      if (checked.position() !== end) throw new Error(`ledger ${ledger} has no event at position ${checked.position() + 1}`);
    }
  });
};
