import { readFileSync } from 'node:fs';
import { revocationsAnswerSchema } from '@muster/contracts';
import { findHost } from '../../access/find-host.js';
import type { AccessOptions } from '../../access/host-access.js';
import { hostActsApi } from '../../api/host-acts-api.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { authorityOfHost } from '../vendor/authority-of-host.js';

export interface InstallRevocationsOptions extends AccessOptions {
  readonly authority?: string;
}

/** The list in a file: as the authority answers, or the signed list alone. */
const listIn = (content: string): string | null => {
  if (!content.startsWith('{')) return content;
  const answer = revocationsAnswerSchema.safeParse(JSON.parse(content));
  if (!answer.success) throw new CliFailure('usage', 'The file holds no revocation list.');
  return answer.data.list;
};

const readList = async (file: string | undefined, { authority }: InstallRevocationsOptions): Promise<string | null> => {
  if (file !== undefined) return listIn(readFileSync(file, 'utf8').trim());
  if (authority === undefined) throw new CliFailure('usage', 'Give the file with the list, or the address of the authority by --authority.');
  return (await authorityOfHost(authority).revocations()).list;
};

/** Installs the vendor's newest list of what is not to be believed any more. */
export const installRevocations =
  (file: string | undefined) =>
  async (options: InstallRevocationsOptions, terminal: Terminal): Promise<ExitCode> => {
    const list = await readList(file, options);
    if (list === null) {
      terminal.data(terminal.json ? JSON.stringify({ recorded: false, sequence: 0 }) : 'The vendor has revoked nothing yet.');
      return exitCodes.ok;
    }
    const answer = await hostActsApi(findHost(options)).installRevocations(list);
    terminal.data(terminal.json ? JSON.stringify(answer) : `${answer.recorded ? 'Installed' : 'Installed already'}: revocation list ${answer.sequence}. Machines get it from this host.`);
    return exitCodes.ok;
  };
