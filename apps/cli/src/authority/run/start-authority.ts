import { existsSync } from 'node:fs';
import { acquireDataDirLock, DataDirInUseError, readOrCreateSecret } from '@muster/devstack';
import { systemClock, toInstant } from '@muster/kernel';
import type { RunFile } from '../../data-dir/run-file.js';
import { readRunFile, removeRunFile, writeRunFile } from '../../data-dir/run-file.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { choosePort } from '../../host/run/choose-port.js';
import { type Edge, isPlainOutside, localUrl } from '../../host/run/edge.js';
import type { HostJournal } from '../../host/run/host-journal.js';
import type { HostParts } from '../../host/run/host-parts.js';
import { hostParts } from '../../host/run/host-parts.js';
import { databasePasswordFile, hashOfToken } from '../../host/run/host-secrets.js';
import { keepMigrated } from '../../host/run/keep-migrated.js';
import { startDatabase } from '../../host/run/start-database.js';
import { startService } from '../../host/run/start-service.js';
import { untilReady } from '../../host/run/until-ready.js';
import { authorityPaths } from '../access/authority-dir.js';

/** On a telephone's keypad: V-E-N-D. */
const DEFAULT_AUTHORITY_PORT = 8363;

export const AUTHORITY_LEDGER = 'authority';

export interface AuthorityRunOptions {
  readonly dataDir: string;
  /** 0 for any free one; the default one, or the next free, when left out. */
  readonly port: number | undefined;
  readonly edge: Edge;
  readonly journal: HostJournal;
  /** Gives the start up; what was started by then is stopped. */
  readonly signal: AbortSignal;
}

export interface RunningAuthority {
  readonly run: RunFile;
  stop(): Promise<void>;
}

const lockDataDir = async (dataDir: string, journal: HostJournal) => {
  try {
    return await acquireDataDirLock(dataDir, journal.info);
  } catch (error) {
    if (!(error instanceof DataDirInUseError)) throw error;
    const url = readRunFile(dataDir)?.url;
    throw new CliFailure('conflict', `An authority is already running on ${dataDir} (process ${error.pid}, since ${error.since})${url === undefined ? '' : `: ${url}`}.`, {
      remedy: 'Use that one, stop it with Ctrl-C where it runs, or name another directory by --data.',
      cause: error,
    });
  }
};

/** Drivers read `PG…` on their own account; credentials of others are not the service's business. */
const WITHHELD = /^(PG|MUSTER_)/;
const TUNABLE = ['MUSTER_LOG_LEVEL', 'MUSTER_ENVIRONMENT', 'MUSTER_TRUSTED_PROXIES', 'MUSTER_ADDRESS_REQUESTS_PER_SECOND', 'MUSTER_ADDRESS_REQUESTS_BURST'];

const inherited = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => !WITHHELD.test(name) || TUNABLE.includes(name)));

interface Wiring {
  readonly parts: HostParts;
  readonly port: number;
  readonly onRestart: () => void;
  readonly onStop: (undo: () => Promise<void>) => void;
}

const startParts = async ({ dataDir, edge, journal, signal }: AuthorityRunOptions, { parts, port, onRestart, onStop }: Wiring): Promise<void> => {
  const paths = authorityPaths(dataDir);
  const operatorToken = await readOrCreateSecret(paths.operatorToken);
  const common = { dataDir, parts, journal, onRestart };
  const database = await startDatabase({ ...common, servicePassword: await readOrCreateSecret(databasePasswordFile(paths.secrets)) });
  signal.throwIfAborted();
  onStop(await keepMigrated(database, journal, AUTHORITY_LEDGER));
  signal.throwIfAborted();
  const env = {
    ...inherited(),
    MUSTER_HTTP_ADDRESS: edge.address,
    ...(edge.tls === undefined ? {} : { MUSTER_TLS_CERTIFICATE_FILE: edge.tls.certificateFile, MUSTER_TLS_KEY_FILE: edge.tls.keyFile }),
    MUSTER_HTTP_PORT: String(port),
    MUSTER_LEDGER: AUTHORITY_LEDGER,
    MUSTER_SERVICE_DATABASE_URL: database.serviceUrl,
    MUSTER_VENDOR_ROOT_FILE: paths.rootPublic,
    MUSTER_INTERMEDIATE_KEY_FILE: paths.intermediatePrivate,
    MUSTER_INTERMEDIATE_CERTIFICATE_FILE: paths.intermediate,
    MUSTER_OPERATOR_TOKEN_HASH: hashOfToken(operatorToken),
  };
  const service = { kind: 'authority' as const, name: 'authority', port, reach: { url: localUrl(edge, port), ...(edge.tls === undefined ? {} : { trust: { fingerprint: edge.tls.fingerprint } }) } };
  await startService({ ...common, ...service, env });
  await untilReady([service], { journal, signal });
};

/**
 * Runs an authority on the data directory: its database and its service, each a process that is started again when it ends unasked.
 *
 * @throws CliFailure `conflict`: there is no vendor yet, or the directory or the port is in use
 */
export const startAuthority = async (options: AuthorityRunOptions): Promise<RunningAuthority> => {
  const { dataDir, edge, journal } = options;
  if (!existsSync(authorityPaths(dataDir).rootPublic)) throw new CliFailure('conflict', `There is no vendor in ${dataDir} yet.`, { remedy: 'Make one with `muster authority init --vendor NAME`.' });
  const startedAt = toInstant(systemClock.nowMs());
  const lock = await lockDataDir(dataDir, journal);
  removeRunFile(dataDir); // what an unclean stop left behind
  const parts = hostParts();
  const undo: (() => Promise<void>)[] = [];
  let announced = false;
  const stop = async (): Promise<void> => {
    announced = false;
    removeRunFile(dataDir);
    for (const step of undo) await step();
    await parts.stop().finally(() => lock.release());
  };
  try {
    const { port, note } = await choosePort(options.port, DEFAULT_AUTHORITY_PORT);
    if (note !== undefined) journal.info(note);
    if (isPlainOutside(edge)) journal.warn('Without TLS nothing that holds a key or a token is taken from elsewhere (--tls-certificate, --tls-key)');
    const runNow = (): RunFile => ({ pid: process.pid, startedAt, url: localUrl(edge, port), ...(edge.tls === undefined ? {} : { certificate: edge.tls.fingerprint }), parts: parts.running() });
    const onRestart = (): void => {
      if (announced) writeRunFile(dataDir, runNow());
    };
    await startParts(options, { parts, port, onRestart, onStop: (step) => void undo.push(step) });
    const run = runNow();
    writeRunFile(dataDir, run);
    announced = true;
    return { run, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
