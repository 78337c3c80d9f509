import type { EnrolmentTokenEntry } from '@muster/contracts';
import { uuid } from '@muster/contracts';
import { findHost } from '../access/find-host.js';
import type { AccessOptions } from '../access/host-access.js';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { counted } from '../terminal/words.js';
import { enrolmentApi } from './enrolment-api.js';
import { tokenLines } from './token-lines.js';

export interface CreateOptions extends AccessOptions {
  readonly uses: number;
  /** Seconds. */
  readonly expires: number;
}

/** Makes a token and shows it, this once: alone on standard output, so that a script may keep it. */
export const createToken = async (options: CreateOptions, terminal: Terminal): Promise<ExitCode> => {
  const made = await enrolmentApi(findHost(options)).create({ maximumUses: options.uses, expiresInSeconds: options.expires });
  if (terminal.json) {
    terminal.data(JSON.stringify(made));
    return exitCodes.ok;
  }
  terminal.data(made.token);
  terminal.note(`Enrols ${counted(made.maximumUses, 'machine')} until ${made.expiresAt}; it is shown this once. Its id is ${made.tokenId}.`);
  terminal.note('On each machine: muster machine activate --product PRODUCT --enrolment TOKEN (or MUSTER_ENROLMENT_TOKEN_FILE)');
  return exitCodes.ok;
};

export const listTokens = async (options: AccessOptions, terminal: Terminal): Promise<ExitCode> => {
  const api = enrolmentApi(findHost(options));
  const tokens: EnrolmentTokenEntry[] = [];
  let after: string | undefined;
  let enrolled: number;
  do {
    const page = await api.list(after);
    tokens.push(...page.tokens);
    enrolled = page.machinesEnrolled;
    after = page.next;
  } while (after !== undefined);
  if (terminal.json) terminal.data(JSON.stringify({ tokens, machinesEnrolled: enrolled }));
  else for (const line of tokenLines(tokens, enrolled)) terminal.data(line);
  return exitCodes.ok;
};

export const revokeToken =
  (tokenId: string) =>
  async (options: AccessOptions, terminal: Terminal): Promise<ExitCode> => {
    if (!uuid.safeParse(tokenId).success) throw new CliFailure('usage', 'A token is revoked by its id, not by itself.', { remedy: '`muster enrolment list` shows the ids.' });
    const entry = await enrolmentApi(findHost(options)).revoke(tokenId);
    terminal.data(terminal.json ? JSON.stringify(entry) : `Token ${entry.tokenId} enrols nobody any more. ${counted(entry.uses, 'machine')} enrolled by it, and stay so.`);
    return exitCodes.ok;
  };
