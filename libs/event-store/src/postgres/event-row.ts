import type { RecordedEvent, SeenCode } from '@muster/contracts';
import type { QueryResultRow } from 'pg';
import { machineText } from './machine-bytes.js';
import { epochMsSql, safeInteger } from './pg-values.js';

export interface EventRow extends QueryResultRow {
  readonly position: string;
  readonly recorded_at_ms: string;
  readonly causation_id: string | null;
  readonly kind: number;
  readonly seen: number;
  readonly version: number;
  readonly request_id: string | null;
  readonly ledger: string;
  readonly pool: string | null;
  readonly machine: Buffer | null;
  readonly product: string | null;
  readonly type: string;
  readonly actor: string;
  readonly leaf_hash: Buffer;
  readonly running_hash: Buffer;
  readonly body: Buffer;
}

export const EVENT_COLUMNS = `e.position, ${epochMsSql('e.recorded_at')} as recorded_at_ms, e.causation_id, e.kind, e.seen, e.version,
  e.request_id, e.ledger, e.pool, e.machine, e.product, e.type, e.actor, e.leaf_hash, e.running_hash, e.body`;

export const recordedEventOf = (row: EventRow): RecordedEvent => ({
  ledger: row.ledger,
  position: safeInteger(row.position),
  recordedAtMs: safeInteger(row.recorded_at_ms),
  type: row.type,
  version: row.version,
  actor: row.actor,
  requestId: row.request_id,
  causationId: row.causation_id === null ? null : safeInteger(row.causation_id),
  body: row.body,
  columns: { kind: row.kind, seen: row.seen as SeenCode, pool: row.pool, product: row.product, machine: row.machine === null ? null : machineText(row.machine) },
  leafHash: row.leaf_hash,
  runningHash: row.running_hash,
});
