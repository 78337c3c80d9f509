import type { QueryConfig } from 'pg';
import type { Snapshot, SnapshotKey } from '../event-store.port.js';
import { SNAPSHOTS_KEPT } from '../snapshots-kept.js';
import { BULK_STATEMENT_TIMEOUT_MS, QUERY_TIMEOUT_MS } from './connection-settings.js';
import type { Connections } from './connections.js';
import { safeInteger } from './pg-values.js';

const NEWEST = `
select position, state from muster.snapshots
where ledger = $1 and fold = $2 and fold_version = $3
  and position <= least($4::bigint, (select h.position from muster.heads h where h.ledger = $1))
order by position desc limit 1`;

const SAVE = `
insert into muster.snapshots (ledger, fold, fold_version, position, state) values ($1, $2, $3, $4, $5)
on conflict (ledger, fold, fold_version, position) do update set state = excluded.state, saved_at = now()`;

const PRUNE = `
delete from muster.snapshots where ledger = $1 and fold = $2 and fold_version = $3 and position < (
  select min(position) from (
    select position from muster.snapshots where ledger = $1 and fold = $2 and fold_version = $3 order by position desc limit ${SNAPSHOTS_KEPT}
  ) as kept)`;

// The driver reads this member; its types know it only for the whole connection.
interface BulkQuery extends QueryConfig {
  readonly query_timeout: number;
}

const bulkQuery = (text: string, values: readonly unknown[]): BulkQuery => ({ text, values: [...values], query_timeout: BULK_STATEMENT_TIMEOUT_MS + QUERY_TIMEOUT_MS });

const keyValues = ({ ledger, fold, foldVersion }: SnapshotKey): readonly unknown[] => [ledger, fold, foldVersion];

export const loadSnapshot = (connections: Connections, key: SnapshotKey, upTo: number): Promise<Snapshot | undefined> =>
  connections.withBulkClient(async (client) => {
    const { rows } = await client.query<{ position: string; state: Buffer }>(bulkQuery(NEWEST, [...keyValues(key), upTo]));
    const [row] = rows;
    return row === undefined ? undefined : { position: safeInteger(row.position), state: row.state };
  });

export const saveSnapshot = (connections: Connections, key: SnapshotKey, { position, state }: Snapshot): Promise<void> =>
  connections.withBulkClient(async (client) => {
    await client.query(bulkQuery(SAVE, [...keyValues(key), position, Buffer.from(state.buffer, state.byteOffset, state.byteLength)]));
    await client.query(bulkQuery(PRUNE, keyValues(key)));
  });
