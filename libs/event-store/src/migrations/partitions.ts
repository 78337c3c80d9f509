import type { ClientBase } from 'pg';
import pg from 'pg';

/** Small enough that a partition is vacuumed, frozen and dumped in seconds; large enough that a planner sees few of them. */
export const POSITIONS_PER_PARTITION = 1_000_000;

/** Whole partitions kept ready ahead of the head: a quarter of an hour at the fastest rate ever measured; whoever migrates comes by more often. */
export const SPARE_PARTITIONS = 4;

/** A request id is looked for in at most two partitions that hold rows, and is kept for 35 to 70 days. */
export const REQUEST_ID_DAYS = 35;

/** Request-id partitions ahead of today: 20 weeks without the migration role. */
export const SPARE_REQUEST_ID_PARTITIONS = 4;

const DAY_MS = 86_400_000;
const REQUEST_ID_SPAN_MS = REQUEST_ID_DAYS * DAY_MS;

/** Which partition a position lies in, from 0: the first holds positions 1 to 1,000,000. */
export const ordinalOf = (position: number): number => Math.floor((position - 1) / POSITIONS_PER_PARTITION);

interface NewPartition {
  readonly parent: string;
  readonly table: string;
  readonly bounds: string;
  readonly partitionBy?: string;
  /** Run on the table before anybody can see it. */
  readonly finish: string;
}

/**
 * Makes a table and attaches it: unlike `create table … partition of` and `drop table`, this waits for no running
 * statement on the parent, and so holds up no append behind it.
 */
const attachPartition = async (client: ClientBase, { parent, table, bounds, partitionBy, finish }: NewPartition): Promise<void> => {
  const by = partitionBy === undefined ? '' : `partition by ${partitionBy}`;
  // Several statements in one message: one transaction.
  await client.query(`
    create table ${table} (like ${parent} including defaults including constraints including storage) ${by};
    ${finish};
    alter table ${parent} attach partition ${table} for values ${bounds}`);
};

/** A statement trigger fires only on the table that a statement names: each partition carries its own. */
const neverChange = (table: string): string => `
  create trigger events_never_change before update or delete or truncate on ${table}
    for each statement execute function muster.refuse_change();
  alter table ${table} enable always trigger events_never_change`;

const dropPartition = async (client: ClientBase, parent: string, table: string): Promise<void> => {
  // A migration that was killed at this point left the partition half detached: what it began is finished.
  const { rows } = await client.query<{ pending: boolean }>('select inhdetachpending as pending from pg_inherits where inhrelid = $1::regclass', [table]);
  await client.query(`alter table ${parent} detach partition ${table} ${rows[0]?.pending === true ? 'finalize' : 'concurrently'}`);
  await client.query(`drop table ${table}`);
};

/** Child tables of a partitioned table, by the number that ends their name. */
const ordinals = async (client: ClientBase, parent: string): Promise<ReadonlySet<number>> => {
  const { rows } = await client.query<{ ordinal: string }>(
    `select substring(c.relname from '[0-9]+$') as ordinal from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass`,
    [parent],
  );
  return new Set(rows.map(({ ordinal }) => Number(ordinal)));
};

const exists = async (client: ClientBase, table: string): Promise<boolean> => {
  const { rows } = await client.query<{ found: boolean }>('select to_regclass($1) is not null as found', [table]);
  return rows[0]?.found === true;
};

const ledgerName = /^[a-z0-9]+([.-][a-z0-9]+)*$/;
const LEDGER_NAME_LENGTH_MAX = 128;

/** Makes the row, the head and the parent table of a ledger. Returns the number that its tables are named by. */
export const ensureLedger = async (client: ClientBase, ledger: string): Promise<number> => {
  if (!ledgerName.test(ledger) || ledger.length > LEDGER_NAME_LENGTH_MAX) throw new Error(`not a name for a ledger: ${ledger}`);
  await client.query('insert into muster.ledgers (ledger) values ($1) on conflict do nothing', [ledger]);
  await client.query(
    `insert into muster.heads (ledger, position, recorded_at, running_hash) values ($1, 0, to_timestamp(0), decode(repeat('00', 32), 'hex')) on conflict do nothing`,
    [ledger],
  );
  const { rows } = await client.query<{ id: number }>('select id from muster.ledgers where ledger = $1', [ledger]);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error(`ledger ${ledger} was not made`);
  const table = `muster.events_${id}`;
  if (await exists(client, table)) return id;
  const bounds = `in (${pg.escapeLiteral(ledger)})`;
  await attachPartition(client, { parent: 'muster.events', table, bounds, partitionBy: 'range (position)', finish: neverChange(table) });
  return id;
};

/** Makes the partitions of a ledger up to the spare ones ahead of its head. Returns how many it made. */
export const ensureEventPartitions = async (client: ClientBase, ledger: string, id: number): Promise<number> => {
  const parent = `muster.events_${id}`;
  const { rows } = await client.query<{ position: string }>('select position from muster.heads where ledger = $1', [ledger]);
  const last = ordinalOf(Number(rows[0]?.position ?? 0) + 1) + SPARE_PARTITIONS;
  const existing = await ordinals(client, parent);
  let made = 0;
  for (let ordinal = 0; ordinal <= last; ordinal += 1) {
    if (existing.has(ordinal)) continue;
    const from = ordinal * POSITIONS_PER_PARTITION + 1;
    const table = `${parent}_${ordinal}`;
    await attachPartition(client, { parent, table, bounds: `from (${from}) to (${from + POSITIONS_PER_PARTITION})`, finish: neverChange(table) });
    made += 1;
  }
  return made;
};

/** Makes the request-id partitions of the coming weeks and drops those that hold nothing younger than 35 days. */
export const ensureRequestIdPartitions = async (client: ClientBase): Promise<{ readonly made: number; readonly dropped: number }> => {
  const { rows } = await client.query<{ now_ms: string }>('select floor(extract(epoch from now()) * 1000)::bigint as now_ms');
  const nowMs = Number(rows[0]?.now_ms);
  const current = Math.floor(nowMs / REQUEST_ID_SPAN_MS);
  const existing = await ordinals(client, 'muster.request_ids');
  let made = 0;
  for (let ordinal = current; ordinal <= current + SPARE_REQUEST_ID_PARTITIONS; ordinal += 1) {
    if (existing.has(ordinal)) continue;
    const table = `muster.request_ids_${ordinal}`;
    const [from, to] = [ordinal, ordinal + 1].map((n) => new Date(n * REQUEST_ID_SPAN_MS).toISOString());
    // The writer looks before it appends; this is the second lock on that door. The request id leads: ids made in order of time (UUIDv7) then go to the index's warm end.
    const finish = `create unique index on ${table} (request_id, machine, ledger)`;
    await attachPartition(client, { parent: 'muster.request_ids', table, bounds: `from ('${from}') to ('${to}')`, finish });
    made += 1;
  }
  const expired = [...existing].filter((ordinal) => (ordinal + 2) * REQUEST_ID_SPAN_MS <= nowMs);
  for (const ordinal of expired) await dropPartition(client, 'muster.request_ids', `muster.request_ids_${ordinal}`);
  return { made, dropped: expired.length };
};
