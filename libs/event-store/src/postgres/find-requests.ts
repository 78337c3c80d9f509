import { Problem } from '@muster/kernel';
import type { Head, KnownRequest, RequestKey } from '../event-store.port.js';
import type { Connections } from './connections.js';
import type { HeadRow } from './ledger-look.js';
import { HEAD_COLUMNS, headOf } from './ledger-look.js';
import { machineText } from './machine-bytes.js';
import { pgArray } from './pg-array.js';
import { safeInteger } from './pg-values.js';

/** As many as commands in one batch, and as many again for room. */
export const REQUEST_KEYS_MAX = 512;

interface FoundRow extends HeadRow {
  readonly found_at: string | null;
  readonly machine: Buffer;
  readonly request_id: string;
  readonly content_digest: Buffer;
}

/**
 * One statement, hence one snapshot of head and requests. Partitions of the future are passed over.
 *
 * Lateral, with a limit: a plain join planned while the tables were empty reads every request id of a partition for every batch.
 */
const TEXT = `
select ${HEAD_COLUMNS}, r.position as found_at, r.machine, r.request_id, r.content_digest
from muster.heads h
left join (
  unnest($2::bytea[], $3::uuid[]) as k (machine, request_id)
  cross join lateral (
    select i.position, i.machine, i.request_id, i.content_digest from muster.request_ids i
    where i.request_id = k.request_id and i.machine = k.machine and i.ledger = $1 and i.stored_at <= now() + interval '1 day'
    limit 1
  ) as r
) on true
where h.ledger = $1`;

const knownOf = (row: FoundRow): readonly KnownRequest[] =>
  row.found_at === null
    ? []
    : [{ machine: machineText(row.machine), requestId: row.request_id, contentDigest: row.content_digest.toString('base64url'), position: safeInteger(row.found_at) }];

export const findRequests = async (
  connections: Connections,
  ledger: string,
  keys: readonly RequestKey[],
): Promise<{ readonly head: Head; readonly known: readonly KnownRequest[] }> => {
  if (keys.length > REQUEST_KEYS_MAX) throw new Problem('overloaded', `at most ${REQUEST_KEYS_MAX} request ids are looked up at once`);
  const values = [ledger, pgArray.bytes32(keys.map(({ machine }) => machine)), pgArray.uuid(keys.map(({ requestId }) => requestId))];
  const { rows } = await connections.query<FoundRow>({ name: 'muster-find-requests', text: TEXT, values });
  return { head: headOf(ledger, rows[0]), known: rows.flatMap(knownOf) };
};
