import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endProcess, type EndableProcess } from '../../guard/ending.js';
import { identifyProcess } from './process-identity.js';

export { endProcess, type EndableProcess };

const GUARD_SCRIPT = fileURLToPath(new URL('../../guard/guard.js', import.meta.url));

const GUARD_RESTART_MS = 500; // a guard that cannot run must not be started in a tight loop

type WatchedListener = (watched: readonly EndableProcess[]) => void;

/** One list for this process, because it can be killed only once, whatever parts of it started something. */
const watched = new Map<number, EndableProcess>();
const listeners = new Set<WatchedListener>();
let guard: ChildProcess | undefined;

/**
 * Has a process ended when this one is gone without doing so itself: a guard process holds a pipe from here, and acts when it closes.
 * Answers a function that takes the process off the list; call it once the process has exited.
 */
export function guardProcess(pid: number, ending: Omit<EndableProcess, 'pid' | 'startedAt'>): () => void {
  const identity = identifyProcess(pid);
  if (identity === undefined) return () => undefined; // exited already
  const entry: EndableProcess = { ...identity, ...ending };
  watched.set(pid, entry);
  publish();
  return () => {
    if (watched.get(pid) !== entry) return;
    watched.delete(pid);
    publish();
  };
}

/** Calls back now and at every change with all processes that this one must not leave behind. Answers the unsubscribe function. */
export function onGuardedProcesses(listener: WatchedListener): () => void {
  listeners.add(listener);
  listener([...watched.values()]);
  return () => listeners.delete(listener);
}

function publish(): void {
  const list = [...watched.values()];
  for (const listener of listeners) listener(list);
  if (list.length === 0) return releaseGuard();
  guard ??= startGuard();
  guard.stdin?.write(`${JSON.stringify(list)}\n`);
}

/** Nothing to watch, no guard: after an orderly stop no process is left, not even for the blink in which it would notice. */
function releaseGuard(): void {
  const ending = guard;
  guard = undefined;
  ending?.stdin?.write('[]\n');
  ending?.stdin?.end();
}

function startGuard(): ChildProcess {
  // Detached: a Ctrl-C or a kill of the launcher's process group must not take the guard with it.
  const child = spawn(process.execPath, [GUARD_SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/', env: {} });
  child.stdin?.on('error', () => undefined); // a guard that was killed is replaced below
  child.on('error', () => undefined);
  child.on('exit', () => {
    if (guard !== child) return;
    guard = undefined;
    if (watched.size > 0) setTimeout(publish, GUARD_RESTART_MS).unref();
  });
  child.unref();
  (child.stdin as unknown as { unref?: () => void } | null)?.unref?.(); // neither the guard nor its pipe keeps this process alive
  return child;
}
