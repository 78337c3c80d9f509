import type { QueryConfig } from 'pg';
import type { Snapshot, SnapshotKey } from '../event-store.port.js';
import { SNAPSHOT_KEPT_EVERY_POSITIONS, SNAPSHOTS_KEPT } from '../snapshots-kept.js';
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
with ours as (
  select position,
    row_number() over (order by position desc) as age,
    row_number() over (partition by position / ${SNAPSHOT_KEPT_EVERY_POSITIONS} order by position) as nth
  from muster.snapshots where ledger = $1 and fold = $2 and fold_version = $3
)
delete from muster.snapshots s using ours
where s.ledger = $1 and s.fold = $2 and s.fold_version = $3 and s.position = ours.position and ours.age > ${SNAPSHOTS_KEPT} and ours.nth > 1`;

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
