import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { dataDirPaths, findDataDir } from '../data-dir/data-dir.js';
import type { RunFile } from '../data-dir/run-file.js';
import { readLiveRun } from '../data-dir/run-file.js';
import { CliFailure } from '../failure/cli-failure.js';
import type { AccessOptions, HostAccess, LocalHost } from './host-access.js';
import { mayCarryToken, parseHostUrl } from './host-url.js';
import type { HostTrust } from './trusting-fetch.js';

const START_REMEDY = 'Start one with `npm start` in the clone (or `muster host run`), or name one by --host URL or MUSTER_HOST.';

const readSecretFile = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new CliFailure('authentication', `The operator token cannot be read from ${path}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}.`, { cause: error });
  }
};

/** The CA given, else that of MUSTER_CA_FILE. */
export const givenTrust = ({ ca }: AccessOptions): HostTrust | undefined => {
  const file = ca ?? (process.env['MUSTER_CA_FILE'] || undefined);
  if (file === undefined) return undefined;
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new CliFailure('usage', `The certificates cannot be read from ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}.`, { cause: error });
  }
};

/** A local host is known by the certificate that it was started with. */
export const trustOf = ({ certificate }: Pick<RunFile, 'certificate'>): HostTrust | undefined => (certificate === undefined ? undefined : { fingerprint: certificate });

const givenToken = ({ token }: AccessOptions): string | undefined => {
  if (token !== undefined) return token;
  const { MUSTER_OPERATOR_TOKEN: value, MUSTER_OPERATOR_TOKEN_FILE: file } = process.env;
  if (value) return value;
  return file ? readSecretFile(file) : undefined;
};

/** The host that runs on the data directory given, or on the nearest one. */
export const findLocalHost = ({ data }: AccessOptions, cwd = process.cwd()): LocalHost | undefined => {
  const dataDir = data === undefined ? findDataDir(cwd) : resolve(cwd, data);
  const run = dataDir === undefined ? undefined : readLiveRun(dataDir);
  return dataDir === undefined || run === undefined ? undefined : { dataDir, run };
};

const localToken = ({ dataDir }: LocalHost): string | undefined => {
  try {
    return readFileSync(dataDirPaths(dataDir).operatorToken, 'utf8').trim();
  } catch {
    return undefined; // another user's host: its open routes still answer
  }
};

/**
 * Finds the host and the operator token: what was given, else the environment, else the local host.
 * A local host's token is sent to that host alone, and no token leaves this machine unencrypted.
 *
 * @throws CliFailure `unreachable` when no host is named and none runs here
 */
export const findHost = (options: AccessOptions, cwd = process.cwd()): HostAccess => {
  const named = options.host ?? (process.env['MUSTER_HOST'] || undefined);
  const running = findLocalHost(options, cwd);
  const url = named === undefined ? running?.run.url : parseHostUrl(named);
  if (url === undefined) {
    const dataDir = options.data === undefined ? findDataDir(cwd) : resolve(cwd, options.data);
    throw new CliFailure('unreachable', dataDir === undefined ? 'No host is named, and none was ever started here.' : `No host runs on ${dataDir}.`, { remedy: START_REMEDY });
  }
  const local = running?.run.url === url ? running : undefined;
  const token = givenToken(options) ?? (local === undefined ? undefined : localToken(local));
  if (token !== undefined && !mayCarryToken(url)) {
    throw new CliFailure('authentication', `The operator token is not sent to ${url}: on the way there it would be readable by others.`, { remedy: 'Use the https address of the host.' });
  }
  return { url, token, trust: givenTrust(options) ?? (local === undefined ? undefined : trustOf(local.run)), local };
};
