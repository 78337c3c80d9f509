import { writeFileSync } from 'node:fs';
import type { HostActivationAnswer } from '@muster/contracts';
import { systemDraws } from '@muster/kernel';
import { CliFailure } from '../../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import { codeRows, withoutRowNumbers } from '../../host/activate/code-rows.js';
import type { Terminal } from '../../terminal/terminal.js';
import { authorityApi } from '../access/authority-api.js';
import type { AuthorityOptions } from '../access/find-authority.js';
import { findAuthority } from '../access/find-authority.js';
import { keyOf, readRequest } from './read-input.js';

export interface ConfirmOptions extends AuthorityOptions {
  readonly key: string;
  readonly code?: string;
  readonly request?: string;
  readonly requestId?: string;
  readonly output?: string;
}

const lines = ({ host, expiresAt, confirmationCode, ...used }: HostActivationAnswer, output: string | undefined): readonly string[] => [
  `Host ${host} is activated until ${expiresAt.slice(0, 10)}.`,
  `The key has ${used.hostsUsed} of ${used.hostsMax} hosts; this one was activated ${used.activationsUsed} of ${used.activationsPerHostMax} times.`,
  ...(output === undefined ? [] : [`The confirmation is in ${output}: \`muster host confirm\` takes it.`]),
  '',
  'To be read out:',
  ...codeRows(confirmationCode),
];

/** Activates a host by hand, and prints what its administrator needs: a file, and the groups to be read out. */
export const confirmHost = async ({ key, code, request, requestId, output, ...options }: ConfirmOptions, terminal: Terminal): Promise<ExitCode> => {
  if ((code === undefined) === (request === undefined)) throw new CliFailure('usage', 'Give the installation code by --code, or the request of the host by --request FILE.');
  const typed = keyOf(key);
  const id = requestId ?? systemDraws.uuid();
  const asked = request === undefined ? { key: typed, installationCode: withoutRowNumbers(code ?? ''), requestId: id } : { key: typed, request: readRequest(request) };
  const api = authorityApi(findAuthority(options));
  const answer = await api.confirm(asked).catch((error: unknown) => {
    // Nobody knows whether it was recorded: the same id again uses nothing up.
    if (request === undefined && error instanceof CliFailure && error.reason === 'unreachable') terminal.note(`To ask again without using up another activation: --request-id ${id}`);
    throw error;
  });
  if (output !== undefined) writeFileSync(output, `${JSON.stringify(answer.confirmation, undefined, 2)}\n`);
  if (terminal.json) terminal.data(JSON.stringify(answer));
  else for (const line of lines(answer, output)) terminal.data(line);
  return exitCodes.ok;
};
