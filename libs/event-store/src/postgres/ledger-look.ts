import { Problem } from '@muster/kernel';
import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { Head } from '../event-store.port.js';
import { epochMsSql, safeInteger } from './pg-values.js';

export interface HeadRow extends QueryResultRow {
  readonly position: string;
  readonly recorded_at_ms: string;
  readonly running_hash: Buffer;
}

export const HEAD_COLUMNS = `h.position, ${epochMsSql('h.recorded_at')} as recorded_at_ms, h.running_hash`;

export const noSuchLedger = (ledger: string): Problem => new Problem('unavailable', `the database has no ledger ${ledger}: run the migration`);

/** @throws Problem `unavailable` when there is no row: the migration has not made the ledger yet */
export const headOf = (ledger: string, row: HeadRow | undefined): Head => {
  if (row === undefined) throw noSuchLedger(ledger);
  return { position: safeInteger(row.position), recordedAtMs: safeInteger(row.recorded_at_ms), runningHash: row.running_hash };
};

export const headQuery = (ledger: string): QueryConfig => ({
  name: 'muster-head',
  text: `select ${HEAD_COLUMNS} from muster.heads h where h.ledger = $1`,
  values: [ledger],
});

interface HeadNowRow extends HeadRow {
  readonly now_ms: string;
}

export const headNow = async (query: (config: QueryConfig) => Promise<QueryResult<HeadNowRow>>, ledger: string): Promise<Omit<Look, 'hashAt'>> => {
  const text = `select ${HEAD_COLUMNS}, ${epochMsSql('clock_timestamp()')} as now_ms from muster.heads h where h.ledger = $1`;
  const [row] = (await query({ name: 'muster-head-now', text, values: [ledger] })).rows;
  return { head: headOf(ledger, row), storeNowMs: safeInteger(row?.now_ms ?? '') };
};

/** Head, the store's clock and the running hash at a position: what tells why an append wrote nothing, all of one snapshot. */
export interface Look {
  readonly head: Head;
  readonly storeNowMs: number;
  readonly hashAt: Uint8Array | null;
}

interface LookRow extends HeadRow {
  readonly now_ms: string;
  readonly hash_at: Buffer | null;
}

const LOOK = `
select ${HEAD_COLUMNS}, ${epochMsSql('clock_timestamp()')} as now_ms,
  (select e.running_hash from muster.events e where e.ledger = $1 and e.position = $2) as hash_at
from muster.heads h where h.ledger = $1`;

export const look = async (query: (config: QueryConfig) => Promise<QueryResult<LookRow>>, ledger: string, position: number): Promise<Look> => {
  const [row] = (await query({ name: 'muster-look', text: LOOK, values: [ledger, position] })).rows;
  if (row === undefined) throw noSuchLedger(ledger);
  return { head: headOf(ledger, row), storeNowMs: safeInteger(row.now_ms), hashAt: row.hash_at };
};
