import { Problem } from '@muster/kernel';
import type { QueryConfig, QueryResult } from 'pg';
import type { Head, KnownRequest, RequestKey } from '../event-store.port.js';
import type { Connections } from './connections.js';
import type { HeadRow } from './ledger-look.js';
import { HEAD_COLUMNS, headOf } from './ledger-look.js';
import { machineText } from './machine-bytes.js';
import { pgArray } from './pg-array.js';
import { RECORDED_REQUEST } from './recorded-request.sql.js';
import { safeInteger } from './pg-values.js';

/** As many as commands in one batch, and as many again for room. */
export const REQUEST_KEYS_MAX = 512;

interface FoundRow extends HeadRow {
  readonly found_at: string | null;
  readonly machine: Buffer;
  readonly request_id: string;
  readonly content_digest: Buffer;
}

// One statement, hence one snapshot of head and requests.
const TEXT = `
select ${HEAD_COLUMNS}, r.position as found_at, r.machine, r.request_id, r.content_digest
from muster.heads h
left join (
  unnest($2::bytea[], $3::uuid[]) as k (machine, request_id)
  cross join lateral (${RECORDED_REQUEST}) as r
) on true
where h.ledger = $1`;

const knownOf = (row: FoundRow): readonly KnownRequest[] =>
  row.found_at === null
    ? []
    : [{ machine: machineText(row.machine), requestId: row.request_id, contentDigest: row.content_digest.toString('base64url'), position: safeInteger(row.found_at) }];

type Query = (config: QueryConfig) => Promise<QueryResult<FoundRow>>;

export const findRequestsOn = async (query: Query, ledger: string, keys: readonly RequestKey[]): Promise<{ readonly head: Head; readonly known: readonly KnownRequest[] }> => {
  const values = [ledger, pgArray.bytes32(keys.map(({ machine }) => machine)), pgArray.uuid(keys.map(({ requestId }) => requestId))];
  const { rows } = await query({ name: 'muster-find-requests', text: TEXT, values });
  return { head: headOf(ledger, rows[0]), known: rows.flatMap(knownOf) };
};

export const findRequests = async (connections: Connections, ledger: string, keys: readonly RequestKey[]): Promise<Awaited<ReturnType<typeof findRequestsOn>>> => {
  if (keys.length > REQUEST_KEYS_MAX) throw new Problem('overloaded', `at most ${REQUEST_KEYS_MAX} request ids are looked up at once`);
  return findRequestsOn((config) => connections.query<FoundRow>(config), ledger, keys);
};
