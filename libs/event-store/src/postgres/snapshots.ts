import type { Snapshot, SnapshotKey } from '../event-store.port.js';
import type { Connections } from './connections.js';
import { safeInteger } from './pg-values.js';
import { SNAPSHOTS_KEPT } from '../snapshots-kept.js';

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

const keyValues = ({ ledger, fold, foldVersion }: SnapshotKey): readonly unknown[] => [ledger, fold, foldVersion];

export const loadSnapshot = (connections: Connections, key: SnapshotKey, upTo: number): Promise<Snapshot | undefined> =>
  connections.withBulkClient(async (client) => {
    const { rows } = await client.query<{ position: string; state: Buffer }>(NEWEST, [...keyValues(key), upTo]);
    const [row] = rows;
    return row === undefined ? undefined : { position: safeInteger(row.position), state: row.state };
  });

export const saveSnapshot = (connections: Connections, key: SnapshotKey, { position, state }: Snapshot): Promise<void> =>
  connections.withBulkClient(async (client) => {
    await client.query(SAVE, [...keyValues(key), position, Buffer.from(state.buffer, state.byteOffset, state.byteLength)]);
    await client.query(PRUNE, [...keyValues(key)]);
  });
