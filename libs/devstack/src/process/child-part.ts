import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { endProcess, guardProcess, type EndableProcess } from './process-guard.js';
import { identifyProcess } from './process-identity.js';
import type { Part, PartExit } from './part.js';

/**
 * Takes charge of a child that was just spawned: it is guarded until it exits, and `stop` ends it in the way given.
 * Rejects with the system's error when the command could not be run.
 */
export async function adoptChild(child: ChildProcess, ending: Omit<EndableProcess, 'pid' | 'startedAt'>): Promise<Part> {
  const exited = new Promise<PartExit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  if (child.pid === undefined) {
    const [error] = (await once(child, 'error')) as [Error];
    throw error;
  }
  child.on('error', () => undefined); // a signal that could not be sent: `stop` looks at the process itself
  const { pid } = child;
  const identity = identifyProcess(pid);
  const release = guardProcess(pid, ending);
  void exited.then(() => {
    release();
    if (ending.group) killGroup(pid); // what the process itself had started must not outlive it
  });

  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null || identity === undefined) return;
    if (!(await endProcess({ ...identity, ...ending }))) throw new Error(`process ${pid} (${child.spawnfile}) could not be ended`);
    await exited;
  };
  let stopping: Promise<void> | undefined;
  return { pid, exited, stop: () => (stopping ??= stop()) };
}

function killGroup(leaderPid: number): void {
  try {
    process.kill(-leaderPid, 'SIGKILL');
  } catch {
    // Nothing is left of it, as it should be.
  }
}
