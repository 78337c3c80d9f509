import type { Connections } from './connections.js';
import { noSuchLedger } from './ledger-look.js';
import { safeInteger, toTimestamp } from './pg-values.js';

// `recorded_at` never falls along the positions: a binary search over the primary key needs no index of its own,
// which every append would pay for. About 30 look-ups at a thousand million events.
const TEXT = `
with recursive search (low, high) as (
  select 0::bigint, h.position from muster.heads h where h.ledger = $1
  union all
  select case when e.recorded_at <= $2 then e.position else s.low end, case when e.recorded_at <= $2 then s.high else e.position - 1 end
  from search s
  cross join lateral (select position, recorded_at from muster.events where ledger = $1 and position = (s.low + s.high + 1) / 2 limit 1) e
  where s.low < s.high
)
select low as position from search where low = high`;

export const positionAt = async (connections: Connections, ledger: string, instantMs: number): Promise<number> => {
  const { rows } = await connections.query<{ position: string }>({ name: 'muster-position-at', text: TEXT, values: [ledger, toTimestamp(Math.floor(instantMs))] });
  const [row] = rows;
  if (row === undefined) throw noSuchLedger(ledger);
  return safeInteger(row.position);
};
