import { resolve } from 'node:path';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { tableLines } from '../terminal/table.js';
import type { DeployFile, DeployOptions } from './deploy-files.js';
import { writeDeployFiles } from './deploy-files.js';

/** Writes what the containers of a deployment share. */
export const initDeployment = async ({ out, database }: DeployOptions, terminal: Terminal): Promise<ExitCode> => {
  const files = await writeDeployFiles({ out: resolve(out), database });
  if (terminal.json) {
    terminal.data(JSON.stringify({ files }, undefined, 2));
    return exitCodes.ok;
  }
  const lines = tableLines<DeployFile>(
    [
      { title: 'file', cell: ({ path }) => path },
      { title: '', cell: ({ made }) => (made ? 'made' : 'kept') },
      { title: 'what it is', cell: ({ purpose }) => purpose },
    ],
    files,
  );
  for (const line of lines) terminal.data(line);
  return exitCodes.ok;
};
