import { isRunning, startTimeOf, type ProcessIdentity } from '../../guard/ending.js';

export { isRunning, type ProcessIdentity };

/** The identity of a running process; undefined when no process has this pid. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startedAt = startTimeOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}
