import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, isPortFree } from '../data-dir/free-port.js';
import { runCommand } from '../debian/run-command.js';
import { adoptChild } from '../process/child-part.js';
import { describeExit, type Part } from '../process/part.js';
import { findNamed, type NamedPrograms } from './find-named.js';
import { keyFileName, namedConfig, zoneFile, zoneFileName, type NamedKey, type NamedZone } from './named-config.js';

const READY_TIMEOUT_MS = 20_000; // it starts in a fraction of a second; a busy machine gets its time
const READY_POLL_MS = 20;
const KEYGEN_TIMEOUT_MS = 10_000;
const LOG_TAIL_CHARS = 2_000;
const EDITABLE_BY_OWNER = 0o600;

export interface NamedOptions {
  /** Holds configuration, keys (readable by their owner only), zones and the log; a server started on it again goes on where the last one was. */
  readonly dir: string;
  /** On 127.0.0.1, and on ::1 where the machine has it; a free one unless given. */
  readonly port?: number;
  readonly keys: readonly NamedKey[];
  readonly zones: readonly NamedZone[];
  /** The programs; found unless given. */
  readonly programs?: NamedPrograms;
}

/** A running `named` of our own: authoritative for its zones, nothing else. */
export interface PrivateNamed extends Part {
  readonly port: number;
  readonly addresses: readonly ('127.0.0.1' | '::1')[];
  /** The file of each key, by its name, as `tsig-keygen` wrote it. */
  readonly keyFiles: ReadonlyMap<string, string>;
  readonly logFile: string;
}

/** Starts a real `named` and resolves when it has loaded its zones and listens; rejects, with the end of its log, when it cannot run. */
export async function startNamed(options: NamedOptions): Promise<PrivateNamed> {
  const { keys, zones, programs = findNamed() } = options;
  const dir = resolve(options.dir);
  const port = options.port ?? (await freePort());
  if (!(await isPortFree(port))) throw new Error(`named cannot listen on port ${port}: another process does`);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const keyFiles = new Map<string, string>();
  for (const key of keys) keyFiles.set(key.name, await ensureKey(key, { dir, programs }));
  for (const zone of zones) {
    const file = join(dir, zoneFileName(zone.name));
    if (!existsSync(file)) await writeFile(file, zoneFile(zone));
  }
  const ipv6 = await isPortFree(port, '::1');
  const configFile = join(dir, 'named.conf');
  await writeFile(configFile, namedConfig({ dir, port, keyFiles: [...keyFiles.values()], zones, ipv6 }));

  const logFile = join(dir, 'named.log');
  const logFd = openSync(logFile, 'w', EDITABLE_BY_OWNER); // a file, not a pipe: it must be able to log when its launcher is gone
  const child = spawn(programs.named, ['-g', '-n', '1', '-c', configFile], { cwd: dir, stdio: ['ignore', logFd, logFd], detached: true });
  closeSync(logFd);
  const part = await adoptChild(child, {
    group: false,
    signals: [
      { signal: 'SIGTERM', waitMs: 5_000 },
      { signal: 'SIGKILL', waitMs: 2_000 },
    ],
  });
  const failure = await untilReady(part, logFile);
  if (failure === undefined) return { ...part, port, addresses: ipv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'], keyFiles, logFile };
  await part.stop();
  throw new Error(`named did not start: ${failure}\n${readFileSync(logFile, 'utf8').slice(-LOG_TAIL_CHARS).trim()}`);
}

async function ensureKey({ name, algorithm = 'hmac-sha256' }: NamedKey, { dir, programs }: { readonly dir: string; readonly programs: NamedPrograms }): Promise<string> {
  const file = join(dir, keyFileName(name));
  if (existsSync(file)) return file;
  const text = await runCommand(programs.tsigKeygen, ['-a', algorithm, name], { cwd: dir, timeoutMs: KEYGEN_TIMEOUT_MS });
  await writeFile(file, `${text}\n`, { mode: EDITABLE_BY_OWNER });
  return file;
}

/** Answers why the server will not become ready, or nothing when it is. Its log is the one place that tells a server without a socket or a zone from a good one. */
async function untilReady(part: Part, logFile: string): Promise<string | undefined> {
  let exit: string | undefined;
  void part.exited.then((how) => (exit = `it ended with ${describeExit(how)}`));
  const giveUpAtMs = performance.now() + READY_TIMEOUT_MS;
  while (exit === undefined && performance.now() < giveUpAtMs) {
    const log = readFileSync(logFile, 'utf8');
    const trouble = /(?:could not listen on|not loaded due to errors|creating IPv[46] interface .* failed).*/.exec(log);
    if (trouble) return trouble[0];
    if (/ running$/m.test(log) && / all zones loaded$/m.test(log)) return undefined;
    await delay(READY_POLL_MS);
  }
  return exit ?? `not ready after ${READY_TIMEOUT_MS / 1000} s`;
}
