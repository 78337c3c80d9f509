import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort, isPortFree } from '../data-dir/free-port.js';
import { readOrCreateSecret } from '../data-dir/secret.js';
import type { Log } from '../log.js';
import { adoptChild } from '../process/child-part.js';
import { describeExit, type Part } from '../process/part.js';
import { identifyProcess } from '../process/process-identity.js';
import { asAccount } from './postgres-account.js';
import { ensureCluster, giveTo, SERVER_ENV, SUPERUSER } from './postgres-cluster.js';
import { preparePostgresHome, type PostgresHome, type RootStrategy } from './postgres-home.js';
import { endOrphanBackends, endOrphanServer, POSTGRES_ENDING, recordServer } from './postgres-orphans.js';
import { settingsAsArguments, type PostgresSettings } from './postgres-settings.js';

const READY_TIMEOUT_MS = 300_000; // replaying 4 GB of WAL after a crash takes minutes on a slow disk
const READY_POLL_MS = 25;
const CONNECT_TIMEOUT_MS = 2_000;
const LEFTOVERS_WAIT_MS = 30_000; // orphans in the middle of a disk write leave when it is done
const LEFTOVERS_POLL_MS = 250;
const PORT_ATTEMPTS_MAX = 5; // only for a port of our own choice, that another process took in the same instant
const PORT_WAIT_MS = 2_000; // for a given port: a server that is just being ended gives it free
const LOG_BYTES_MAX = 8 * 1024 * 1024;
const LOG_TAIL_CHARS = 2_000;

export interface PostgresOptions {
  /** Holds the cluster, the superuser's password and the server's log; made on first use, private to its owner. */
  readonly dataDir: string;
  /** On 127.0.0.1; a free one unless given. Give one when the server is supervised: it must come back where its clients look for it. */
  readonly port?: number;
  /** The superuser's; unless given, one is made and kept in `superuser.secret`. */
  readonly password?: string;
  readonly settings?: PostgresSettings;
  readonly rootStrategy?: RootStrategy;
  readonly log?: Log;
}

/** A running PostgreSQL of our own; `pid` is the postmaster itself. */
export interface PrivatePostgres extends Part {
  readonly port: number;
  readonly superuserUrl: string;
  /** Where its files are; differs from `dataDir` only when root had to use a private copy elsewhere. */
  readonly dir: string;
}

/**
 * Starts a real PostgreSQL on the data directory and resolves when it answers: `initdb` on first use, recovery after an unclean stop, fsync and
 * synchronous commit always on, 127.0.0.1 only. `stop` is a fast shutdown within 30 s, then an immediate one.
 * Rejects, with the end of the server's log, when it cannot run: the port is taken, another launcher runs it, the password is not the cluster's.
 */
export async function startPostgres(options: PostgresOptions): Promise<PrivatePostgres> {
  const { dataDir, rootStrategy = 'automatic', log = () => undefined } = options;
  const home = await preparePostgresHome({ dataDir, rootStrategy, log });
  await endOrphanServer(home.dir, log);
  const password = options.password ?? (await readOrCreateSecret(join(home.dir, 'superuser.secret')));
  await ensureCluster(home, password);

  const giveUpAtMs = performance.now() + LEFTOVERS_WAIT_MS;
  for (let portAttempt = 1; ; ) {
    const port = options.port ?? (await freePort());
    if (options.port !== undefined) await untilPortFree(port);
    const url = `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
    const attempt = await attemptStart({ home, port, url, settings: options.settings ?? {} });
    if (attempt.outcome === 'ready') return { ...attempt.part, port, superuserUrl: url, dir: home.dir };

    if (attempt.reason.includes('pre-existing shared memory block') && performance.now() < giveUpAtMs) {
      const count = await endOrphanBackends(home.clusterDir);
      log(`waiting for ${count} process(es) of the PostgreSQL that was killed`);
      await delay(LEFTOVERS_POLL_MS);
    } else if (isLockedByTheDead(attempt.reason) && performance.now() < giveUpAtMs) {
      await delay(LEFTOVERS_POLL_MS);
    } else if (attempt.reason.includes('Address already in use') && options.port === undefined && portAttempt < PORT_ATTEMPTS_MAX) {
      portAttempt += 1;
    } else {
      throw new Error(`PostgreSQL did not start in ${home.dir}: ${attempt.reason}`);
    }
  }
}

/**
 * A server that was killed together with its launcher is a zombie until init takes note of it. To PostgreSQL, which only asks whether the pid
 * exists, it is another server on the same files.
 */
function isLockedByTheDead(reason: string): boolean {
  const pid = /lock file "postmaster\.pid" already exists[^]*\(PID (\d+)\)/.exec(reason)?.[1];
  return pid !== undefined && identifyProcess(Number(pid)) === undefined;
}

type Attempt = { readonly outcome: 'ready'; readonly part: Part } | { readonly outcome: 'failed'; readonly reason: string };

async function attemptStart({ home, port, url, settings }: { home: PostgresHome; port: number; url: string; settings: PostgresSettings }): Promise<Attempt> {
  const logFile = join(home.dir, 'server.log');
  const logStart = openLog(logFile);
  const { command, args, ...ids } = asAccount(home.account, join(home.binDir, 'postgres'), ['-D', home.clusterDir, ...settingsAsArguments(port, settings)]);
  // A file, not a pipe: the server must be able to log when its launcher is gone.
  const child = spawn(command, args, { ...ids, cwd: home.dir, env: SERVER_ENV, stdio: ['ignore', logStart.fd, logStart.fd], detached: true });
  closeSync(logStart.fd);
  const part = await adoptChild(child, POSTGRES_ENDING);
  recordServer(home.dir, part.pid);
  await giveTo(home.account, logFile);

  const failure = await untilReady(part, url);
  if (failure === undefined) return { outcome: 'ready', part };
  await part.stop();
  const tail = readFileSync(logFile).subarray(logStart.offset).toString('utf8').slice(-LOG_TAIL_CHARS).trim();
  return { outcome: 'failed', reason: tail === '' ? failure : `${failure}\n${tail}` };
}

/** Answers why the server will not become ready, or nothing when it is. */
async function untilReady(part: Part, url: string): Promise<string | undefined> {
  let exit: string | undefined;
  void part.exited.then((how) => (exit = `it ended with ${describeExit(how)}`));
  const giveUpAtMs = performance.now() + READY_TIMEOUT_MS;
  while (exit === undefined && performance.now() < giveUpAtMs) {
    const answer = await probe(url);
    if (exit !== undefined || answer === 'ready') return exit;
    if (answer === 'password') return 'it does not accept the superuser password given';
    await delay(READY_POLL_MS);
  }
  return exit ?? `not ready after ${READY_TIMEOUT_MS / 1000} s`;
}

async function probe(url: string): Promise<'ready' | 'password' | 'not yet'> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return 'ready';
  } catch (error) {
    return (error as { code?: string }).code === '28P01' ? 'password' : 'not yet';
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function untilPortFree(port: number): Promise<void> {
  const giveUpAtMs = performance.now() + PORT_WAIT_MS;
  while (!(await isPortFree(port))) {
    if (performance.now() > giveUpAtMs) throw new Error(`PostgreSQL cannot listen on port ${port}: another process does`);
    await delay(READY_POLL_MS);
  }
}

/** Opens the log for appending and answers where this run's part begins; one older log is kept, so that it cannot grow for ever. */
function openLog(file: string): { readonly fd: number; readonly offset: number } {
  const sizeBytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (sizeBytes > LOG_BYTES_MAX) renameSync(file, `${file}.1`);
  return { fd: openSync(file, 'a', 0o600), offset: sizeBytes > LOG_BYTES_MAX ? 0 : sizeBytes };
}
