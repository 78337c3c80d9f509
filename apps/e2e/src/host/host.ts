import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartExit } from '@muster/devstack';
import { describeExit } from '@muster/devstack';
import { eventually } from '@muster/testing';
import type { MusterProcess } from '../muster/launch-muster.js';
import { launchMuster } from '../muster/launch-muster.js';
import type { HostApi } from './host-api.js';
import { hostApi } from './host-api.js';
import { isAlive, killNow, processTree } from './processes.js';
import type { PartKind, RunFile, RunningPart } from './run-file.js';
import { readRunFile } from './run-file.js';

/** The first start makes a database cluster, and may have to fetch nats-server; a killed PostgreSQL replays its log. */
const READY_TIMEOUT_MS = 180_000;
/** Longer than the slowest orderly stop of all parts, one after another. */
const STOP_TIMEOUT_MS = 60_000;
const DEATH_TIMEOUT_MS = 10_000;

export interface HostOptions {
  readonly dataDir: string;
  /** `activation=2,counting=2`; one of each unless given, and no registrar: what a host does without one is what most tests ask. */
  readonly replicas?: string;
  /** As a host is started by default, its registrar included. */
  readonly asDelivered?: boolean;
  /** Any free one unless given; `default` leaves the choice to the host. */
  readonly port?: number | 'default';
  /** Moved with `openClockControl` of the devstack, by {@link Host.clockFile}. */
  readonly controlledClock?: boolean;
  /** A file with the public root key of the vendor: the host is to be activated. Without it a development vendor certifies it. */
  readonly vendorRoot?: string;
  /** Beside what this process has, which is handed on without its own `MUSTER_` settings. */
  readonly env?: NodeJS.ProcessEnv;
}

export type HostProcess = MusterProcess;

/** A host that is ready. */
export interface Host {
  readonly dataDir: string;
  readonly process: HostProcess;
  readonly api: HostApi;
  readonly url: string;
  /** Where its controlled clock is, if it has one. */
  readonly clockFile: string;
  /** As `run.json` says at this moment. */
  run(): RunFile;
  partsOf(kind: PartKind): readonly RunningPart[];
  /** Kills the launcher and every part at once, as a power failure would; answers how many processes that was. */
  kill(): Promise<number>;
  /** Asks it to stop as a terminal or an init system does, and waits for that. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<PartExit>;
  /** Whatever it takes, so that nothing of it is left; also when it is gone already. */
  end(): Promise<void>;
}

/** A process fewer to wait for, at each of the many starts. */
const WITHOUT_REGISTRAR = 'dns-registrar=0';

const replicasOf = ({ replicas, asDelivered = false }: HostOptions): string | undefined => {
  if (asDelivered || replicas?.includes('dns-registrar=') === true) return replicas;
  return replicas === undefined ? WITHOUT_REGISTRAR : `${replicas},${WITHOUT_REGISTRAR}`;
};

/** Starts `muster host run` without waiting for anything. */
export const launchHost = (options: HostOptions): HostProcess => {
  const { dataDir, port = 0, controlledClock = false, vendorRoot, env = {} } = options;
  const replicas = replicasOf(options);
  mkdirSync(dataDir, { recursive: true });
  const args = [
    ...['host', 'run', '--data', dataDir],
    ...(port === 'default' ? [] : ['--port', String(port)]),
    ...(replicas === undefined ? [] : ['--replicas', replicas]),
    ...(controlledClock ? ['--controlled-clock'] : []),
    ...(vendorRoot === undefined ? [] : ['--vendor-root', vendorRoot]),
  ];
  return launchMuster({ args, logFile: join(dataDir, 'launcher.log'), env });
};

/** Waits until `run.json` in the directory says that all is ready. @throws Error with what the process wrote, when it ends before */
export const untilReady = async (process: HostProcess, dataDir: string): Promise<RunFile> => {
  let exit: PartExit | undefined;
  void process.exited.then((how) => (exit = how));
  const run = await eventually(
    () => {
      if (exit !== undefined) return undefined;
      const found = readRunFile(dataDir);
      if (found.pid !== process.pid) throw new Error('run.json is of an earlier run');
      return found;
    },
    { timeoutMs: READY_TIMEOUT_MS, intervalMs: 50 },
  );
  if (run === undefined) throw new Error(`it did not start (${exit === undefined ? '' : describeExit(exit)}):\n${process.output()}`);
  return run;
};

const gone = (pids: readonly number[], timeoutMs: number): Promise<void> =>
  eventually(
    () => {
      const left = pids.filter(isAlive);
      if (left.length > 0) throw new Error(`still there: ${left.join(', ')}`);
    },
    { timeoutMs },
  );

const stopProcess = async (launcher: HostProcess, signal: 'SIGTERM' | 'SIGINT'): Promise<PartExit> => {
  process.kill(launcher.pid, signal);
  await gone([launcher.pid], STOP_TIMEOUT_MS);
  return launcher.exited;
};

/** Ends a launcher and all below it; for those that ended, does nothing. */
export const endHostProcess = async (launcher: HostProcess): Promise<void> => {
  if (!isAlive(launcher.pid)) return;
  const tree = processTree(launcher.pid);
  await stopProcess(launcher, 'SIGTERM').catch(() => undefined);
  for (const pid of tree) killNow(pid);
  await gone(tree, DEATH_TIMEOUT_MS);
};

/** Starts a host and waits until all of it is ready. @throws Error with what it wrote, when it does not start */
export const startHost = async (options: HostOptions): Promise<Host> => {
  const { dataDir } = options;
  const launcher = launchHost(options);
  const first = await untilReady(launcher, dataDir).catch(async (error: unknown) => {
    await endHostProcess(launcher);
    throw error;
  });
  const run = (): RunFile => readRunFile(dataDir);
  const token = readFileSync(join(dataDir, 'operator-token'), 'utf8').trim();
  return {
    dataDir,
    process: launcher,
    api: hostApi({ url: first.url, token }),
    url: first.url,
    clockFile: join(dataDir, 'clock.json'),
    run,
    partsOf: (kind) => run().parts.filter((part) => part.kind === kind),
    kill: async () => {
      const { pid, parts } = run();
      const pids = [pid, ...parts.map((part) => part.pid)];
      for (const each of pids) killNow(each);
      await gone(pids, DEATH_TIMEOUT_MS);
      return pids.length;
    },
    stop: (signal = 'SIGTERM') => stopProcess(launcher, signal),
    end: () => endHostProcess(launcher),
  };
};
