import { readFileSync, readdirSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../log.js';
import { endProcess, type EndableProcess } from '../process/process-guard.js';
import { identifyProcess, isRunning, type ProcessIdentity } from '../process/process-identity.js';

/** How a server is ended: the fast shutdown with its checkpoint, then the one that leaves recovery to the next start, then by force. */
export const POSTGRES_ENDING: Omit<EndableProcess, 'pid' | 'startedAt'> = {
  group: false, // its own processes are in sessions of their own, and follow it
  signals: [
    { signal: 'SIGINT', waitMs: 30_000 },
    { signal: 'SIGQUIT', waitMs: 5_000 },
    { signal: 'SIGKILL', waitMs: 2_000 },
  ],
};

const BACKEND_ENDING: typeof POSTGRES_ENDING = {
  group: false,
  signals: [
    { signal: 'SIGQUIT', waitMs: 5_000 },
    { signal: 'SIGKILL', waitMs: 2_000 },
  ],
};

interface RunRecord {
  readonly server: ProcessIdentity;
  readonly launcher: ProcessIdentity;
}

const recordFile = (dir: string): string => join(dir, 'server.json');

/** Notes who runs the server, so that a later start can tell an orphan from a server in use. */
export function recordServer(dir: string, pid: number): void {
  const server = identifyProcess(pid);
  const launcher = identifyProcess(process.pid);
  if (server && launcher) writeFileSync(recordFile(dir), JSON.stringify({ server, launcher } satisfies RunRecord), { mode: 0o600 });
}

/**
 * Ends a server whose launcher is gone. Throws when the launcher still runs: its server is not ours to end.
 */
export async function endOrphanServer(dir: string, log: Log): Promise<void> {
  const record = readRecord(dir);
  if (record === undefined || !isRunning(record.server)) return;
  const { server, launcher } = record;
  if (isRunning(launcher)) throw new Error(`PostgreSQL already runs on ${dir} (pid ${server.pid}), started by process ${launcher.pid}`);
  log(`ending PostgreSQL (pid ${server.pid}), left running by process ${launcher.pid}, which is gone`);
  if (!(await endProcess({ ...server, ...POSTGRES_ENDING }))) throw new Error(`PostgreSQL (pid ${server.pid}) on ${dir} could not be ended; end it and start again`);
}

/**
 * Ends the server processes that outlived their killed postmaster: they hold the shared memory, and nothing they do reaches anybody any more.
 * They are recognised by their working directory, which is the cluster's. Answers how many there were.
 */
export async function endOrphanBackends(clusterDir: string): Promise<number> {
  const orphans = processesIn(realpathSync(clusterDir));
  await Promise.all(orphans.map((identity) => endProcess({ ...identity, ...BACKEND_ENDING })));
  return orphans.length;
}

function processesIn(dir: string): readonly ProcessIdentity[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && workingDirectory(name) === dir)
    .map((name) => identifyProcess(Number(name)))
    .filter((identity) => identity !== undefined);
}

function workingDirectory(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined; // gone, or another user's
  }
}

function readRecord(dir: string): RunRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(dir), 'utf8')) as RunRecord;
  } catch {
    return undefined;
  }
}
