import { writeFileSync } from 'node:fs';
import type { RevocationsAnswer } from '@muster/contracts';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { authorityApi } from '../access/authority-api.js';
import type { AuthorityOptions } from '../access/find-authority.js';
import { findAuthority } from '../access/find-authority.js';

export interface RevokeOptions extends AuthorityOptions {
  readonly reason: string;
}

export interface RevocationsOptions extends AuthorityOptions {
  readonly output?: string;
}

const show = (answer: RevocationsAnswer, terminal: Terminal, line: string): ExitCode => {
  terminal.data(terminal.json ? JSON.stringify(answer) : line);
  return exitCodes.ok;
};

const listed = ({ sequence }: RevocationsAnswer): string => `Revoked: the list of number ${sequence} names it. Hosts and clients that go by it hear of it when they fetch it.`;

export const revokeCertificate =
  (certificate: string) =>
  async ({ reason, ...options }: RevokeOptions, terminal: Terminal): Promise<ExitCode> => {
    const answer = await authorityApi(findAuthority(options)).revoke({ certificate, reason });
    return show(answer, terminal, listed(answer));
  };

export const revokePublicKey =
  (key: string) =>
  async ({ reason, ...options }: RevokeOptions, terminal: Terminal): Promise<ExitCode> => {
    const answer = await authorityApi(findAuthority(options)).revoke({ key, reason });
    return show(answer, terminal, listed(answer));
  };

/** The signed list in force; to a file, for hosts that cannot fetch it. */
export const showRevocations = async ({ output, ...options }: RevocationsOptions, terminal: Terminal): Promise<ExitCode> => {
  const answer = await authorityApi(findAuthority(options)).revocations();
  if (output !== undefined && answer.list !== null) writeFileSync(output, `${answer.list}\n`);
  return show(answer, terminal, answer.list === null ? 'Nothing was ever revoked.' : (output ?? answer.list));
};
