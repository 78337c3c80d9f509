// What the scripts in this directory share. Plain Node: they run before anything is installed.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const KILL_AFTER_MS = 30_000; // longer than anything that stops in order needs: PostgreSQL's fast shutdown is the slowest

/** A program that a dependency brings. */
export const installedProgram = (name) => join(root, 'node_modules', '.bin', name);

export const say = (line) => process.stderr.write(`${line}\n`);

/** Nx without what would outlive the command or wait for a keyboard. */
const NX_ENV = { NX_DAEMON: 'false', NX_TUI: 'false' };

let stopSignal;
const stopListeners = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopSignal ??= signal;
    for (const stop of stopListeners) stop();
  });
}

/**
 * Runs a program to its end with our own output, and answers its exit code as a shell would; a program that stops in order when asked to has 0.
 * It leads a process group of its own, so that Ctrl-C reaches it exactly once, through us.
 */
export async function run(program, args, { env = {}, stdio = ['ignore', 'inherit', 'inherit'] } = {}) {
  if (stopSignal) return exitCodeOf(stopSignal);
  const child = spawn(program, args, { cwd: root, env: { ...process.env, ...NX_ENV, ...env }, stdio, detached: true });
  let killTimer;
  const stop = () => {
    signalGroup(child, 'SIGTERM');
    killTimer ??= setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS);
  };
  stopListeners.add(stop);
  try {
    const { code, signal } = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    return code ?? exitCodeOf(signal);
  } finally {
    clearTimeout(killTimer);
    stopListeners.delete(stop);
  }
}

/** As `run`, but ends this process with the program's exit code unless it is 0. */
export async function runOrExit(program, args, options) {
  const code = await run(program, args, options);
  if (code !== 0) process.exit(code);
}

/** Runs one of our own programs; an IPC channel tells it when we are gone, even by SIGKILL (see devstack's `onLauncherGone`). */
export const runNode = (script, args, options) =>
  run(process.execPath, [join(root, script), ...args], { ...options, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

const exitCodeOf = (signal) => 128 + constants.signals[signal];

function signalGroup({ pid }, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}
