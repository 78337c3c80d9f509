import type { Role } from '@muster/contracts';
import { uuid } from '@muster/contracts';
import { findHost } from '../access/find-host.js';
import type { AccessOptions } from '../access/host-access.js';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { tokenApi } from './token-api.js';
import { createdLines, tokenLines } from './token-lines.js';

export interface CreateTokenOptions extends AccessOptions {
  readonly role: Role;
  /** Seconds. */
  readonly expires?: number;
  readonly note?: string;
}

export const createToken = async ({ role, expires, note, ...access }: CreateTokenOptions, terminal: Terminal): Promise<ExitCode> => {
  const created = await tokenApi(findHost(access)).create({ role, ...(expires === undefined ? {} : { expiresInSeconds: expires }), ...(note === undefined ? {} : { note }) });
  if (terminal.json) {
    terminal.data(JSON.stringify(created));
    return exitCodes.ok;
  }
  const [token = '', ...remarks] = createdLines(created);
  terminal.data(token);
  // Beside the data, so that `muster token create … > file` keeps the token alone.
  for (const remark of remarks) terminal.note(remark);
  return exitCodes.ok;
};

export const listTokens = async (options: AccessOptions, terminal: Terminal): Promise<ExitCode> => {
  const tokens = await tokenApi(findHost(options)).list();
  if (terminal.json) terminal.data(JSON.stringify({ tokens }));
  else for (const line of tokenLines(tokens)) terminal.data(line);
  return exitCodes.ok;
};

export const revokeToken =
  (tokenId: string) =>
  async (options: AccessOptions, terminal: Terminal): Promise<ExitCode> => {
    // A token typed here must not become part of an address, which proxies and logs keep.
    if (!uuid.safeParse(tokenId).success) throw new CliFailure('usage', 'A token is revoked by its id, not by itself.', { remedy: '`muster token list` shows the ids.' });
    const revoked = await tokenApi(findHost(options)).revoke(tokenId);
    terminal.data(terminal.json ? JSON.stringify(revoked) : `Revoked at ${revoked.revokedAt}: refused everywhere within five seconds.`);
    return exitCodes.ok;
  };
