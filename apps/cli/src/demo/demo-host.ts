import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Part } from '@muster/devstack';
import { describeExit, startProcess } from '@muster/devstack';
import type { LocalHost } from '../access/host-access.js';
import type { RunFile } from '../data-dir/run-file.js';
import { isAlive, readLiveRun } from '../data-dir/run-file.js';
import { CliFailure } from '../failure/cli-failure.js';

/** A host that this process started, to be stopped by it. */
export interface OwnHost {
  readonly local: LocalHost;
  stop(): Promise<void>;
}

const MUSTER = fileURLToPath(new URL('../../bin/muster.js', import.meta.url));

const READY_TIMEOUT_MS = 5 * 60_000; // the first start fetches nats-server; a killed PostgreSQL replays its log
const READY_POLL_MS = 100;
const STOP_TIMEOUT_MS = 60_000; // longer than the slowest orderly stop of all parts, one after another
const LAST_LINES_MAX = 10;

/** `activation=2,counting=1`, as the parts of a run say. */
export const replicasOf = ({ parts }: Pick<RunFile, 'parts'>): string =>
  (['activation', 'counting'] as const).map((kind) => `${kind}=${Math.max(1, parts.filter((part) => part.kind === kind).length)}`).join(',');

/** Runs `muster host run` as a process of its own, and resolves when it is ready. */
export const startOwnHost = async (dataDir: string, like?: RunFile): Promise<OwnHost> => {
  const port = like === undefined ? '0' : new URL(like.url).port;
  let lastLines: string[] = [];
  const launcher: Part = await startProcess({
    name: 'host',
    command: process.execPath,
    args: [MUSTER, 'host', 'run', '--data', dataDir, '--port', port, ...(like === undefined ? [] : ['--replicas', replicasOf(like)])],
    log: (line) => (lastLines = [...lastLines, line].slice(-LAST_LINES_MAX)),
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  let exit: string | undefined;
  void launcher.exited.then((how) => (exit = describeExit(how)));
  const giveUpAtMs = performance.now() + READY_TIMEOUT_MS;
  while (exit === undefined && performance.now() < giveUpAtMs) {
    const run = readLiveRun(dataDir); // written when all is ready
    if (run?.pid === launcher.pid) return { local: { dataDir, run }, stop: () => launcher.stop() };
    await delay(READY_POLL_MS);
  }
  await launcher.stop();
  throw new CliFailure('failed', [`The host did not start (${exit ?? 'not ready in time'}):`, ...lastLines].join('\n  '));
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
