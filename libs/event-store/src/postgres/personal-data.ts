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

export const erasePersonalData = async (connections: Connections, ledger: string, machine: string): Promise<number> => {
  const text = 'delete from muster.personal_data where ledger = $1 and machine = $2';
  return (await connections.query({ text, values: [ledger, machineBytes(machine)] })).rowCount ?? 0;
};
