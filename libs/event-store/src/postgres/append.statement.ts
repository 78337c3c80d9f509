import type { QueryConfig } from 'pg';
import { acceptsTimeStep, CLOCK_SKEW_MS_MAX, TIME_STEP_MS_MAX } from '../clock-rule.js';
import type { SealedBatch } from '../hashing/seal-batch.js';
import { pgArray } from './pg-array.js';
import { RECORDED_REQUEST } from './recorded-request.sql.js';
import { toTimestamp } from './pg-values.js';

/**
 * The one statement. The head moves only if it is the expected one, the writer's clock agrees with the store's, time makes no step that nobody accepted and no request id is recorded yet;
 * all rows come from the moved head, so nothing is written unless it moved. Its own transaction: one round trip, one commit.
 */
const TEXT = `
with moved as (
  update muster.heads set position = $3, recorded_at = $4, running_hash = $5
  where ledger = $1 and position = $2 and running_hash = $6 and recorded_at <= $4
    and abs(extract(epoch from coalesce($8::timestamptz, clock_timestamp()) - $7::timestamptz)) <= ${CLOCK_SKEW_MS_MAX / 1000}
    and (position = 0 or $30::bool or extract(epoch from $4 - recorded_at) <= ${TIME_STEP_MS_MAX / 1000})
    and not exists (
      select from unnest($23::uuid[], $24::bytea[]) as k (request_id, machine)
      cross join lateral (${RECORDED_REQUEST}) as i
    )
  returning ledger
), events as (
  insert into muster.events (position, recorded_at, causation_id, kind, seen, version, request_id, ledger, pool, machine, product, type, actor, leaf_hash, running_hash, body)
  select $2 + e.nth, $4, case when e.caused then $2 + e.nth - 1 end, e.kind, e.seen, e.version, e.request_id, moved.ledger, e.pool, e.machine, e.product, e.type, e.actor, e.leaf_hash, e.running_hash, e.body
  from moved, unnest($9::bool[], $10::int2[], $11::int2[], $12::int2[], $13::uuid[], $14::text[], $15::bytea[], $16::text[], $17::text[], $18::text[], $19::bytea[], $20::bytea[], $21::bytea[])
    with ordinality as e (caused, kind, seen, version, request_id, pool, machine, product, type, actor, leaf_hash, running_hash, body, nth)
), requests as (
  insert into muster.request_ids (position, request_id, ledger, machine, content_digest)
  select $2 + r.outcome, r.request_id, moved.ledger, r.machine, r.content_digest
  from moved, unnest($22::int2[], $23::uuid[], $24::bytea[], $25::bytea[]) as r (outcome, request_id, machine, content_digest)
), personal as (
  insert into muster.personal_data (request_id, ledger, machine, hostname, address)
  select p.request_id, moved.ledger, p.machine, p.hostname, p.address
  from moved, unnest($26::uuid[], $27::bytea[], $28::text[], $29::text[]) as p (request_id, machine, hostname, address)
  on conflict (ledger, machine, request_id) do nothing
)
select from moved`;

const NAME = 'muster-append';

export interface AppendStatementOptions {
  readonly sealed: SealedBatch;
  /** Development only: stands in for the server's clock. */
  readonly storeNowMs: number | null;
}

/** One row when the head moved, none when not. */
export const appendStatement = ({ sealed: { batch, head, events }, storeNowMs }: AppendStatementOptions): QueryConfig => {
  const { expectedHead, requests, personal } = batch;
  const values = [
    batch.ledger,
    expectedHead.position,
    head.position,
    toTimestamp(head.recordedAtMs),
    head.runningHash,
    expectedHead.runningHash,
    toTimestamp(batch.nowMs),
    storeNowMs === null ? null : toTimestamp(storeNowMs),
    pgArray.bool(events.map(({ causationId }) => causationId !== null)),
    pgArray.int2(events.map(({ columns }) => columns.kind)),
    pgArray.int2(events.map(({ columns }) => columns.seen)),
    pgArray.int2(events.map(({ version }) => version)),
    pgArray.uuid(events.map(({ requestId }) => requestId)),
    pgArray.text(events.map(({ columns }) => columns.pool)),
    pgArray.bytes32(events.map(({ columns }) => columns.machine)),
    pgArray.text(events.map(({ columns }) => columns.product)),
    pgArray.text(events.map(({ type }) => type)),
    pgArray.text(events.map(({ actor }) => actor)),
    pgArray.bytea(events.map(({ leafHash }) => leafHash)),
    pgArray.bytea(events.map(({ runningHash }) => runningHash)),
    pgArray.bytea(events.map(({ body }) => body)),
    pgArray.int2(requests.map(({ outcomeIndex }) => outcomeIndex + 1)),
    pgArray.uuid(requests.map(({ requestId }) => requestId)),
    pgArray.bytes32(requests.map(({ machine }) => machine)),
    pgArray.bytes32(requests.map(({ contentDigest }) => contentDigest)),
    pgArray.uuid(personal.map(({ requestId }) => requestId)),
    pgArray.bytes32(personal.map(({ machine }) => machine)),
    pgArray.text(personal.map(({ hostname }) => hostname)),
    pgArray.text(personal.map(({ address }) => address)),
    acceptsTimeStep(batch),
  ];
  return { name: NAME, text: TEXT, values };
};
