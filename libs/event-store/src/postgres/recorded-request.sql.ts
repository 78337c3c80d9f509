/**
 * What ledger `$1` holds for the key `k (request_id, machine)`: for a lateral join. Partitions of the future are passed over.
 *
 * Lateral, with a limit: a plain join planned while the tables were empty reads every request id of a partition for every batch.
 */
export const RECORDED_REQUEST = `
  select i.position, i.machine, i.request_id, i.content_digest from muster.request_ids i
  where i.request_id = k.request_id and i.machine = k.machine and i.ledger = $1 and i.stored_at <= now() + interval '1 day'
  limit 1`;
