import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, isPortFree } from '../data-dir/free-port.js';
import type { Log } from '../log.js';
import { adoptChild } from '../process/child-part.js';
import { describeExit, type Part } from '../process/part.js';
import { findNatsServer } from './find-nats-server.js';
import { natsConfig, type NatsUser } from './nats-config.js';

const READY_TIMEOUT_MS = 10_000; // it starts in a fraction of a second; a busy machine gets its time
const READY_POLL_MS = 20;
const PORT_WAIT_MS = 2_000; // for a given port: a server that is just being ended gives it free
const LOG_TAIL_CHARS = 2_000;

export interface NatsOptions {
  /** Holds the configuration (with the passwords, readable by its owner only) and the log. */
  readonly dir: string;
  /** On 127.0.0.1; a free one unless given. Give one when the server is supervised. */
  readonly port?: number;
  /** Empty: open to everybody on this machine, for tests only. */
  readonly users: readonly NatsUser[];
  /** The program; found or fetched unless given. */
  readonly natsServer?: string;
  readonly cacheDir?: string;
  readonly log?: Log;
}

/** A running nats-server of our own. */
export interface PrivateNats extends Part {
  readonly port: number;
  /** Without user and password. */
  readonly url: string;
}

/** Starts a real nats-server on 127.0.0.1 and resolves when it takes connections; rejects, with the end of its log, when it cannot run. */
export async function startNats(options: NatsOptions): Promise<PrivateNats> {
  const { users, cacheDir, log = () => undefined } = options;
  const dir = resolve(options.dir);
  const program = options.natsServer ?? (await findNatsServer({ log, ...(cacheDir === undefined ? {} : { cacheDir }) }));
  const port = options.port ?? (await freePort());
  await untilPortFree(port);
  const serverName = `muster-${randomBytes(8).toString('hex')}`;
  const configFile = join(dir, 'nats.conf');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writePrivately(configFile, natsConfig({ port, serverName, users }));

  const logFile = join(dir, 'nats.log');
  const logFd = openSync(logFile, 'w', 0o600); // a file, not a pipe: it must be able to log when its launcher is gone
  const child = spawn(program, ['-c', configFile], { cwd: dir, stdio: ['ignore', logFd, logFd], detached: true });
  closeSync(logFd);
  const part = await adoptChild(child, {
    group: false,
    signals: [
      { signal: 'SIGTERM', waitMs: 5_000 },
      { signal: 'SIGKILL', waitMs: 2_000 },
    ],
  });
  const failure = await untilReady({ part, port, serverName });
  if (failure === undefined) return { ...part, port, url: `nats://127.0.0.1:${port}` };
  await part.stop();
  throw new Error(`nats-server did not start: ${failure}\n${readFileSync(logFile, 'utf8').slice(-LOG_TAIL_CHARS).trim()}`);
}

async function writePrivately(file: string, content: string): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  const handle = await open(draft, 'w', 0o600);
  await handle.writeFile(content);
  await handle.close();
  await rename(draft, file);
}

async function untilPortFree(port: number): Promise<void> {
  const giveUpAtMs = performance.now() + PORT_WAIT_MS;
  while (!(await isPortFree(port))) {
    if (performance.now() > giveUpAtMs) throw new Error(`nats-server cannot listen on port ${port}: another process does`);
    await delay(READY_POLL_MS);
  }
}

/** Answers why the server will not become ready, or nothing when it is. */
async function untilReady({ part, port, serverName }: { part: Part; port: number; serverName: string }): Promise<string | undefined> {
  let exit: string | undefined;
  void part.exited.then((how) => (exit = `it ended with ${describeExit(how)}`));
  const giveUpAtMs = performance.now() + READY_TIMEOUT_MS;
  while (exit === undefined && performance.now() < giveUpAtMs) {
    if (await greets(port, serverName)) return exit;
    await delay(READY_POLL_MS);
  }
  return exit ?? `not ready after ${READY_TIMEOUT_MS / 1000} s`;
}

/** Every NATS server greets with `INFO {…}`; the name tells ours from one that took the port first. */
async function greets(port: number, serverName: string): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    const [greeting] = (await once(socket, 'data', { signal: AbortSignal.timeout(READY_TIMEOUT_MS) })) as [Buffer];
    return greeting.includes(serverName);
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
