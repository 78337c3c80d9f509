import type { Clock } from '@muster/kernel';
import type { StoreHealth } from '../event-store.port.js';
import { ordinalOf } from '../migrations/partitions.js';
import type { Connections } from './connections.js';
import { noSuchLedger } from './ledger-look.js';
import { epochMsSql, safeInteger } from './pg-values.js';

// Partitions are counted in the catalogue itself, by the number that ends their name.
const ordinalsOf = (parent: string): string =>
  `array(select substring(c.relname from '[0-9]+$')::bigint::int from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = ${parent})`;

const TEXT = `
select h.position, ${epochMsSql('h.recorded_at')} as recorded_at_ms, ${epochMsSql('clock_timestamp()')} as now_ms,
  ${ordinalsOf(`to_regclass('muster.events_' || l.id)`)} as event_partitions,
  ${ordinalsOf(`to_regclass('muster.request_ids')`)} as request_id_partitions,
  floor(extract(epoch from now()) / (86400 * $2::int))::int as request_id_partition
from muster.heads h join muster.ledgers l on l.ledger = h.ledger where h.ledger = $1`;

interface HealthRow {
  readonly position: string;
  readonly recorded_at_ms: string;
  readonly now_ms: string;
  readonly event_partitions: readonly number[];
  readonly request_id_partitions: readonly number[];
  readonly request_id_partition: number;
}

const beyond = (ordinals: readonly number[], current: number): number => ordinals.filter((ordinal) => ordinal > current).length;

export interface HealthOptions {
  readonly ledger: string;
  readonly clock: Clock;
  readonly storeClock: Clock | undefined;
  readonly requestIdDays: number;
}

/** The clock offset is against the middle of the round trip: off by half of it at most. */
export const storeHealth = async (connections: Connections, { ledger, clock, storeClock, requestIdDays }: HealthOptions): Promise<StoreHealth> => {
  const askedAtMs = clock.nowMs();
  const { rows } = await connections.query<HealthRow>({ name: 'muster-health', text: TEXT, values: [ledger, requestIdDays] });
  const midpointMs = (askedAtMs + clock.nowMs()) / 2;
  const [row] = rows;
  if (row === undefined) throw noSuchLedger(ledger);
  const head = safeInteger(row.position);
  return {
    head,
    headRecordedAtMs: safeInteger(row.recorded_at_ms),
    nowMs: askedAtMs,
    clockOffsetMs: Math.round(midpointMs - (storeClock?.nowMs() ?? safeInteger(row.now_ms))),
    sparePartitions: Math.min(beyond(row.event_partitions, ordinalOf(head + 1)), beyond(row.request_id_partitions, row.request_id_partition)),
  };
};
