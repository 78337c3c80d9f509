import { writeFileSync } from 'node:fs';
import type { MachineConfirmations } from '@muster/contracts';
import { PROXY_BATCH_MAX } from '@muster/contracts';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { counted } from '../../terminal/words.js';
import { authorityApi } from '../access/authority-api.js';
import type { AuthorityOptions } from '../access/find-authority.js';
import { findAuthority } from '../access/find-authority.js';
import { keyOf, readRequests } from './read-input.js';

export interface ConfirmMachinesOptions extends AuthorityOptions {
  readonly key: string;
  readonly output?: string;
}

const MACHINE_CHARS = 12;

type Confirmation = MachineConfirmations['confirmations'][number];

const lineOf = (confirmation: Confirmation): string => {
  const machine = (confirmation.machine ?? 'unreadable').slice(0, MACHINE_CHARS).padEnd(MACHINE_CHARS);
  if (confirmation.outcome === 'refused') return `${machine}  refused: ${confirmation.reason}  ${confirmation.detail}`;
  return `${machine}  ${confirmation.product}  ${confirmation.drawn ? 'granted' : 'granted again, for nothing'}`;
};

/** Activates the machines of a file with a multiple activation key; exit code 8 when some were refused. */
export const confirmMachines =
  (file: string) =>
  async ({ key, output, ...options }: ConfirmMachinesOptions, terminal: Terminal): Promise<ExitCode> => {
    const requests = readRequests(file);
    const api = authorityApi(findAuthority(options));
    const typed = keyOf(key);
    const confirmations: Confirmation[] = [];
    let remaining = 0;
    for (let start = 0; start < requests.length; start += PROXY_BATCH_MAX) {
      const answer = await api.confirmMachines(typed, requests.slice(start, start + PROXY_BATCH_MAX));
      confirmations.push(...answer.confirmations);
      remaining = answer.remaining;
    }
    if (output !== undefined) writeFileSync(output, `${JSON.stringify({ confirmations }, undefined, 2)}\n`);
    if (terminal.json) terminal.data(JSON.stringify({ confirmations, remaining }));
    else for (const line of [...confirmations.map(lineOf), `${counted(remaining, 'activation')} left.`]) terminal.data(line);
    return confirmations.some(({ outcome }) => outcome === 'refused') ? exitCodes.findings : exitCodes.ok;
  };
