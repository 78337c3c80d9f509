import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { trustOf } from '../../access/find-host.js';
import { mayCarryToken, parseHostUrl } from '../../access/host-url.js';
import type { HostTrust } from '../../access/trusting-fetch.js';
import { readLiveRun } from '../../data-dir/run-file.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { authorityPaths, findAuthorityDir } from './authority-dir.js';

/** What the command line says of the authority. */
export interface AuthorityOptions {
  readonly authority?: string;
  readonly token?: string;
  readonly ca?: string;
  readonly data?: string;
}

export interface AuthorityAccess {
  readonly url: string;
  readonly token: string | undefined;
  /** What proves it over TLS, beside what the system trusts. */
  readonly trust: HostTrust | undefined;
}

const read = (path: string, what: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new CliFailure('authentication', `The ${what} cannot be read from ${path}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}.`, { cause: error });
  }
};

const readToken = (path: string): string => read(path, 'token');

/** Its variables are its own: the token of a host is not to be sent to the vendor, nor the other way round. */
const givenToken = ({ token }: AuthorityOptions): string | undefined => {
  if (token !== undefined) return token;
  const { MUSTER_AUTHORITY_TOKEN: value, MUSTER_AUTHORITY_TOKEN_FILE: file } = process.env;
  if (value) return value;
  return file ? readToken(file) : undefined;
};

/**
 * Finds the authority and the token: what was given, else the environment, else the authority that runs here. A local token is sent to that one alone, and nothing
 * leaves this machine unencrypted.
 *
 * @throws CliFailure `unreachable` when none is named and none runs here, `authentication` for a road that others can read along
 */
export const findAuthority = (options: AuthorityOptions, cwd = process.cwd()): AuthorityAccess => {
  const dir = options.data === undefined ? findAuthorityDir(cwd) : resolve(cwd, options.data);
  const run = dir === undefined ? undefined : readLiveRun(dir);
  const named = options.authority ?? (process.env['MUSTER_AUTHORITY'] || undefined);
  const url = named === undefined ? run?.url : parseHostUrl(named);
  if (url === undefined) {
    throw new CliFailure('unreachable', dir === undefined ? 'No authority is named, and there is none here.' : `No authority runs on ${dir}.`, {
      remedy: 'Start one with `muster authority run`, or name one by --authority URL or MUSTER_AUTHORITY.',
    });
  }
  if (!mayCarryToken(url)) {
    throw new CliFailure('authentication', `Neither tokens nor keys are sent to ${url}: on the way there they would be readable by others.`, { remedy: 'Use the https address of the authority.' });
  }
  const local = dir !== undefined && run?.url === url ? { token: readToken(authorityPaths(dir).operatorToken), trust: trustOf(run) } : undefined;
  const trust = options.ca === undefined ? local?.trust : { ca: read(options.ca, 'certificates') };
  return { url, token: givenToken(options) ?? local?.token, trust };
};
