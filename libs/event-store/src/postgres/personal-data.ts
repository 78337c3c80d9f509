import type { PersonalData } from '../event-store.port.js';
import type { Connections } from './connections.js';
import { machineBytes } from './machine-bytes.js';

interface PersonalRow {
  readonly request_id: string;
  readonly hostname: string;
  readonly address: string | null;
}

export const readPersonalData = async (connections: Connections, ledger: string, machine: string): Promise<readonly PersonalData[]> => {
  const text = 'select request_id, hostname, address from muster.personal_data where ledger = $1 and machine = $2 order by request_id';
  const { rows } = await connections.query<PersonalRow>({ name: 'muster-personal-data', text, values: [ledger, machineBytes(machine)] });
  return rows.map(({ request_id: requestId, hostname, address }) => ({ machine, requestId, hostname, address }));
};

// Not among the short statements: a machine that asked for years has many rows, and a repeat would miscount.
export const erasePersonalData = (connections: Connections, ledger: string, machine: string): Promise<number> =>
  connections.withBulkClient(async (client) => {
    const erased = await client.query('delete from muster.personal_data where ledger = $1 and machine = $2', [ledger, machineBytes(machine)]);
    return erased.rowCount ?? 0;
  });
