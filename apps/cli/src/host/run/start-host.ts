import { acquireDataDirLock, DataDirInUseError } from '@muster/devstack';
import { systemClock, toInstant } from '@muster/kernel';
import { dataDirPaths } from '../../data-dir/data-dir.js';
import type { RunFile } from '../../data-dir/run-file.js';
import { readRunFile, removeRunFile, writeRunFile } from '../../data-dir/run-file.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { hostClockOf } from '../clock/host-clock.js';
import { choosePort } from './choose-port.js';
import { ensureHostIdentity } from './host-identity.js';
import { type Edge, isPlainOutside, localUrl, reachOf } from './edge.js';
import type { HostJournal } from './host-journal.js';
import type { HostParts } from './host-parts.js';
import { hostParts } from './host-parts.js';
import { ensureSecrets, hashOfToken } from './host-secrets.js';
import { keepMigrated, LEDGER } from './keep-migrated.js';
import { planServices } from './plan-services.js';
import type { Replicas } from './replicas.js';
import type { ServiceSettings } from './service-env.js';
import { serviceEnv } from './service-env.js';
import { startBus } from './start-bus.js';
import { startDatabase } from './start-database.js';
import { startService } from './start-service.js';
import { untilReady } from './until-ready.js';

export interface HostOptions {
  readonly dataDir: string;
  /** 0 for any free one; the default one, or the next free, when left out. */
  readonly port: number | undefined;
  readonly replicas: Replicas;
  readonly edge: Edge;
  /** Development only: time is what `clock.json` in the data directory says. */
  readonly controlledClock: boolean;
  /** The public root key of the vendor, for a host that is to be activated; a development vendor is made without it. */
  readonly vendorRoot?: string | undefined;
  readonly journal: HostJournal;
  /** Gives the start up; what was started by then is stopped. */
  readonly signal: AbortSignal;
}

export interface RunningHost {
  readonly run: RunFile;
  /** Stops every part in order, and gives the data directory free. */
  stop(): Promise<void>;
}

const lockDataDir = async (dataDir: string, journal: HostJournal) => {
  try {
    return await acquireDataDirLock(dataDir, journal.info);
  } catch (error) {
    if (!(error instanceof DataDirInUseError)) throw error;
    const url = readRunFile(dataDir)?.url;
    throw new CliFailure('conflict', `A host is already running on ${dataDir} (process ${error.pid}, since ${error.since})${url === undefined ? '' : `: ${url}`}.`, {
      remedy: 'Use that one (`muster host status`), stop it with Ctrl-C where it runs, or start another one with --data OTHER-DIR.',
      cause: error,
    });
  }
};

/** Waits for all of them also when one fails, so that nothing starts behind the back of whoever cleans up. */
const together = async <A, B>(a: Promise<A>, b: Promise<B>): Promise<readonly [A, B]> => {
  await Promise.allSettled([a, b]);
  return [await a, await b];
};

const startParts = async (options: HostOptions, { parts, port, onRestart, onStop }: { parts: HostParts; port: number; onRestart: () => void; onStop: (undo: () => Promise<void>) => void }): Promise<void> => {
  const { dataDir, replicas, journal, signal } = options;
  const clock = hostClockOf(dataDir, { controlled: options.controlledClock });
  if (clock !== undefined) journal.warn(`CONTROLLED CLOCK, for development only: the time here is ${toInstant(clock.nowMs())} (\`host clock --advance 7d\` moves it)`);
  const identity = await ensureHostIdentity({ dir: dataDirPaths(dataDir).vendor, nowMs: (clock ?? systemClock).nowMs(), vendorRoot: options.vendorRoot });
  const secrets = await ensureSecrets(dataDir);
  const common = { dataDir, parts, journal, onRestart };
  const [database, bus] = await together(startDatabase({ ...common, servicePassword: secrets.databasePassword }), startBus({ ...common, passwords: secrets.natsPasswords }));
  signal.throwIfAborted();
  onStop(await keepMigrated(database, journal));
  signal.throwIfAborted();

  const settings: ServiceSettings = {
    ledger: LEDGER,
    natsUrl: bus.url,
    natsPassword: bus.passwordOf,
    databaseUrl: database.serviceUrl,
    identity,
    operatorTokenHash: hashOfToken(secrets.operatorToken),
    clockFile: clock?.file,
    edge: options.edge,
  };
  const services = (await planServices(port, replicas)).map((service) => ({ ...service, reach: reachOf(service, options.edge) }));
  const starts = services.map((service) => startService({ ...common, ...service, env: serviceEnv({ ...service, settings }) }));
  await Promise.allSettled(starts);
  await Promise.all(starts);
  await untilReady(services, options);
};

/**
 * Runs a host on the data directory: its servers, its services, each a process that is started again when it ends unasked.
 * Resolves when all of it is ready; rejects, with nothing left running, when it cannot be or is given up.
 *
 * @throws CliFailure `conflict`: the directory or the port is in use; the database server may forget what it acknowledged
 */
export const startHost = async (options: HostOptions): Promise<RunningHost> => {
  const { dataDir, edge, journal } = options;
  const startedAt = toInstant(systemClock.nowMs());
  const lock = await lockDataDir(dataDir, journal);
  removeRunFile(dataDir); // what an unclean stop left behind
  const parts = hostParts();
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    removeRunFile(dataDir);
    for (const step of undo) await step();
    await parts.stop().finally(() => lock.release());
  };
  try {
    const { port, note } = await choosePort(options.port);
    if (note !== undefined) journal.info(note);
    if (isPlainOutside(edge)) journal.warn('Without TLS: machines elsewhere are answered, administrators are not (--tls-certificate, --tls-key)');
    const runNow = (): RunFile => ({ pid: process.pid, startedAt, url: localUrl(edge, port), ...(edge.tls === undefined ? {} : { certificate: edge.tls.fingerprint }), parts: parts.running() });
    let announced = false;
    const onRestart = (): void => {
      if (announced) writeRunFile(dataDir, runNow());
    };
    await startParts(options, { parts, port, onRestart, onStop: (step) => void undo.push(step) });
    const run = runNow();
    writeRunFile(dataDir, run);
    announced = true;
    undo.unshift(async () => void (announced = false));
    return { run, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
