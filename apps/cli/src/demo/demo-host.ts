import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Part } from '@muster/devstack';
import { describeExit, startProcess } from '@muster/devstack';
import type { LocalHost } from '../access/host-access.js';
import type { PartKind, RunFile } from '../data-dir/run-file.js';
import { isAlive, readLiveRun } from '../data-dir/run-file.js';
import { CliFailure } from '../failure/cli-failure.js';

const MUSTER = fileURLToPath(new URL('../../bin/muster.js', import.meta.url));

const READY_TIMEOUT_MS = 5 * 60_000; // the first start fetches nats-server; a killed PostgreSQL replays its log
const READY_POLL_MS = 100;
const STOP_TIMEOUT_MS = 60_000; // longer than the slowest orderly stop of all parts, one after another
const LAST_LINES_MAX = 10;

/** Services that a host may be run without. */
const DISPENSABLE: ReadonlySet<PartKind> = new Set(['dns-registrar']);

/** `activation=2,lease-renewal=1,counting=1,dns-registrar=1`, as the parts of a run say. */
export const replicasOf = ({ parts }: Pick<RunFile, 'parts'>): string =>
  (['activation', 'lease-renewal', 'counting', 'dns-registrar'] as const).map((kind) => `${kind}=${Math.max(DISPENSABLE.has(kind) ? 0 : 1, parts.filter((part) => part.kind === kind).length)}`).join(',');

/** The host brings its own servers: on somebody else's ledger the count would not start from nothing. */
const withoutServers = (env = process.env): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(env).filter(([name]) => !/^MUSTER_(DATABASE|SERVICE_DATABASE|NATS)_/.test(name)));

const launch = (dataDir: string, like: RunFile | undefined, log: (line: string) => void): Promise<Part> =>
  startProcess({
    name: 'host',
    command: process.execPath,
    args: [MUSTER, 'host', 'run', '--data', dataDir, '--port', like === undefined ? '0' : new URL(like.url).port, ...(like === undefined ? [] : ['--replicas', replicasOf(like)])],
    env: withoutServers(),
    log,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });

/** The hosts that the demonstration starts, each `muster host run` as a process of its own. */
export interface OwnHosts {
  /** Resolves when the host is ready; `like` an earlier run: at its address, with as many replicas. */
  start(dataDir: string, like?: RunFile): Promise<LocalHost>;
  /** Stops whatever of them runs, also one that is not ready yet. */
  stop(): Promise<void>;
}

export const ownHosts = (): OwnHosts => {
  const launchers: Part[] = [];
  return {
    start: async (dataDir, like) => {
      let lastLines: string[] = [];
      const launcher = await launch(dataDir, like, (line) => (lastLines = [...lastLines, line].slice(-LAST_LINES_MAX)));
      launchers.push(launcher);
      let exit: string | undefined;
      void launcher.exited.then((how) => (exit = describeExit(how)));
      const giveUpAtMs = performance.now() + READY_TIMEOUT_MS;
      while (exit === undefined && performance.now() < giveUpAtMs) {
        const run = readLiveRun(dataDir); // written when all is ready
        if (run?.pid === launcher.pid) return { dataDir, run };
        await delay(READY_POLL_MS);
      }
      throw new CliFailure('failed', [`The host did not start (${exit ?? 'not ready in time'}):`, ...lastLines].join('\n  '));
    },
    stop: async () => {
      await Promise.all(launchers.map((launcher) => launcher.stop()));
    },
  };
};

/** An empty directory for a host that lives as long as the demonstration. */
export const temporaryDataDir = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'muster-demo-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

const DEATH_TIMEOUT_MS = 10_000;
const DEATH_POLL_MS = 20;

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/** Kills the launcher and every part at once, as a power failure would: nobody gets to finish or to tidy up. Answers how many processes that was. */
export const killHost = async ({ pid, parts }: RunFile): Promise<number> => {
  const pids = [pid, ...parts.map((part) => part.pid)];
  for (const each of pids) kill(each);
  const giveUpAtMs = performance.now() + DEATH_TIMEOUT_MS;
  while (pids.some(isAlive)) {
    if (performance.now() > giveUpAtMs) throw new CliFailure('failed', 'The host outlived SIGKILL.');
    await delay(DEATH_POLL_MS);
  }
  return pids.length;
};
