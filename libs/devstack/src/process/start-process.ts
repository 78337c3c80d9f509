import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Log } from '../log.js';
import { adoptChild } from './child-part.js';
import type { Part } from './part.js';

const STOP_TIMEOUT_MS = 10_000; // longer than a service's own drain, shorter than what a person or an init system waits for
const KILL_WAIT_MS = 2_000; // SIGKILL is not refused; only a process stuck in the kernel takes longer
const LINE_CHARS_MAX = 64 * 1024; // output without line ends must not grow the launcher's memory

export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Takes each line that the process writes, prefixed with `[name] `. */
  readonly log: Log;
  /** How long the process may take over SIGTERM before SIGKILL, in milliseconds; 10 s unless given. */
  readonly stopTimeoutMs?: number;
  /** `inherit` hands the launcher's own output through instead of prefixing lines. */
  readonly output?: 'lines' | 'inherit';
}

/**
 * Starts a process that does not outlive this one: `stop` sends SIGTERM, then SIGKILL, to the process and all of its group, and a guard does the
 * same when the launcher itself is killed. The child leads a group of its own, so that Ctrl-C reaches only the launcher, which stops the parts in order.
 */
export async function startProcess(options: ProcessOptions): Promise<Part> {
  const { name, command, args, env, cwd, log, stopTimeoutMs = STOP_TIMEOUT_MS, output = 'lines' } = options;
  const piped = output === 'lines' ? 'pipe' : 'inherit';
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', piped, piped],
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) forwardLines(stream, (line) => log(`[${name}] ${line}`));
  return adoptChild(child, {
    group: true,
    signals: [
      { signal: 'SIGTERM', waitMs: stopTimeoutMs },
      { signal: 'SIGKILL', waitMs: KILL_WAIT_MS },
    ],
  });
}

/** Hands on whole lines; one that exceeds the bound is handed on in pieces. */
export function forwardLines(stream: Readable, onLine: Log): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach((line) => onLine(line.endsWith('\r') ? line.slice(0, -1) : line));
    for (; rest.length > LINE_CHARS_MAX; rest = rest.slice(LINE_CHARS_MAX)) onLine(rest.slice(0, LINE_CHARS_MAX));
  });
  stream.on('close', () => rest !== '' && onLine(rest));
  stream.on('error', () => undefined); // the process ended in the middle of a line
}
