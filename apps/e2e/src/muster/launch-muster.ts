import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PartExit } from '@muster/devstack';

const MUSTER = fileURLToPath(new URL('../../../cli/bin/muster.js', import.meta.url));

const withoutSettings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('MUSTER_')));

/** `muster …` as a process, with what it wrote to the terminal. */
export interface MusterProcess {
  readonly pid: number;
  readonly exited: Promise<PartExit>;
  output(): string;
}

export interface LaunchOptions {
  readonly args: readonly string[];
  /** Where what it writes is kept, too. */
  readonly logFile: string;
  /** Beside what this process has, which is handed on without its own `MUSTER_` settings. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts `muster` without waiting for anything. It ends by itself when this process is gone, even by SIGKILL: the IPC channel tells it. */
export const launchMuster = ({ args, logFile, env = {} }: LaunchOptions): MusterProcess => {
  const child = spawn(process.execPath, [MUSTER, ...args], {
    // A group of its own, so that Ctrl-C on the story is the story's business.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...withoutSettings(process.env), ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      appendFileSync(logFile, text);
    });
  }
  const exited = new Promise<PartExit>((resolve, reject) => {
    child.once('error', reject);
    // `close`, not `exit`: by then all that it wrote has been read.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return { pid: child.pid ?? -1, exited, output: () => output };
};

/** What somebody sees who typed a command and waited for its end. */
export interface Typed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** No command of an administrator's may take longer; one that does is a hang. */
const COMMAND_TIMEOUT_MS = 60_000;

/** Types a command into a terminal and waits for its end, whatever that is. `input` is what is typed when it asks. */
export const typeMuster = (args: readonly string[], { env = {}, input = '', cwd }: { readonly env?: NodeJS.ProcessEnv; readonly input?: string; readonly cwd?: string } = {}): Promise<Typed> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MUSTER, '--no-color', ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...withoutSettings(process.env), ...env },
      timeout: COMMAND_TIMEOUT_MS,
      ...(cwd === undefined ? {} : { cwd }),
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code, signal) => (code === null ? reject(new Error(`muster ${args.join(' ')} ended by ${signal}:\n${stderr}`)) : resolve({ code, stdout, stderr })));
    // A command that does not read what is typed ends before it was written.
    child.stdin.on('error', () => undefined).end(input);
  });
