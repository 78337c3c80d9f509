import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from '../log.js';
import { asAccount, readUsers, unprivilegedUser, type PostgresAccount } from './postgres-account.js';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';

const PRIVATE_COPY_ROOT = '/var/lib/muster'; // survives a reboot, unlike /tmp, and every user may pass through it
const LOCATION_FILE = 'location';
const PROBE_TIMEOUT_MS = 10_000;

/** How root runs PostgreSQL: `automatic` takes the first of the others that works here. */
export type RootStrategy = 'automatic' | 'user-namespace' | 'other-user';

/** Where PostgreSQL's files and programs are, and the account that may use both. */
export interface PostgresHome {
  readonly dir: string;
  readonly clusterDir: string;
  readonly binDir: string;
  readonly account: PostgresAccount;
}

/**
 * Finds an account that can run PostgreSQL on the data directory, by trying it: as oneself; for root in a user namespace, which also works in
 * directories that only root may enter; else as an unprivileged user, on a private copy under `/var/lib/muster` when that user may not enter.
 * Rejects when none works, with what was tried.
 */
export async function preparePostgresHome(options: { dataDir: string; rootStrategy: RootStrategy; log: Log }): Promise<PostgresHome> {
  const { rootStrategy } = options;
  const log = oncePerProcess(options.log);
  const dir = resolve(options.dataDir);
  const binaries = findPostgresBinaries();
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const here = homeAt(dir, join(binaries.root, 'bin'));
  if (process.getuid?.() !== 0) return { ...here, account: { kind: 'self' } };

  const copyDir = await readLocation(dir);
  const owner = await ownerOf(copyDir ?? here.clusterDir);
  if (owner !== undefined && owner.uid !== 0) return otherUserHome({ dir, binaries, user: owner, log });
  if (rootStrategy !== 'other-user') {
    const account = namespaceAccount();
    if (account !== undefined && (await canRun(account, here))) {
      log(`PostgreSQL refuses to run as root: it runs in a user namespace of its own, its files stay in ${dir}`);
      return { ...here, account };
    }
    if (rootStrategy === 'user-namespace') throw new Error('a user namespace cannot be made here (unshare -U --map-user failed)');
  }
  const user = unprivilegedUser(readUsers());
  if (user === undefined) throw new Error('PostgreSQL refuses to run as root, and this machine has no other user; start as an ordinary user, or set MUSTER_DATABASE_URL');
  return otherUserHome({ dir, binaries, user, log });
}

/** Where a server runs is told at its first start, not again at every restart. */
const told = new Set<string>();
function oncePerProcess(log: Log): Log {
  return (line) => {
    if (!told.has(line)) log(line);
    told.add(line);
  };
}

function homeAt(dir: string, binDir: string): Omit<PostgresHome, 'account'> {
  return { dir, clusterDir: join(dir, 'cluster'), binDir };
}

/** Inside the namespace root's files seem to belong to this user; which one does not matter, except that it must have a name. */
function namespaceAccount(): PostgresAccount | undefined {
  const users = readUsers();
  const user = users.find(({ uid }) => uid === 1000) ?? unprivilegedUser(users);
  return user && { kind: 'user-namespace', uid: user.uid, gid: user.gid };
}

async function otherUserHome(options: { dir: string; binaries: PostgresBinaries; user: { uid: number; gid: number; name: string }; log: Log }): Promise<PostgresHome> {
  const { dir, binaries, user, log } = options;
  const account: PostgresAccount = { kind: 'other-user', ...user };
  const here = homeAt(dir, join(binaries.root, 'bin'));
  const copyDir = await readLocation(dir);
  if (copyDir === undefined) {
    await chown(dir, user.uid, user.gid);
    if (await canRun(account, here)) {
      log(`PostgreSQL refuses to run as root: it runs as user ${user.name}, its files stay in ${dir}`);
      return { ...here, account };
    }
    if (existsSync(here.clusterDir)) throw new Error(`PostgreSQL's files in ${dir} belong to user ${user.name}, who may not enter it; start as that user`);
    await chown(dir, 0, 0);
  }
  const elsewhere = homeAt(copyDir ?? (await makeCopyDir(dir, user)), join(await copyBinaries(binaries), 'bin'));
  if (!(await canRun(account, elsewhere))) {
    throw new Error(`user ${user.name} cannot run PostgreSQL in ${elsewhere.dir}; start as an ordinary user, or set MUSTER_DATABASE_URL`);
  }
  log(`PostgreSQL refuses to run as root, and user ${user.name} may not enter ${dir}: it runs as that user on a private copy, its files are in ${elsewhere.dir}`);
  return { ...elsewhere, account };
}

/** Makes the directory that is used instead, and notes it in the data directory, which stays the one thing to keep, move or remove. */
async function makeCopyDir(dir: string, user: { uid: number; gid: number }): Promise<string> {
  const copyDir = join(PRIVATE_COPY_ROOT, `data-${randomBytes(8).toString('hex')}`);
  await mkdir(copyDir, { recursive: true, mode: 0o755 });
  await chmod(copyDir, 0o700);
  await chown(copyDir, user.uid, user.gid);
  await writeFile(join(dir, LOCATION_FILE), `${copyDir}\n`, { mode: 0o600 });
  return copyDir;
}

async function readLocation(dir: string): Promise<string | undefined> {
  const location = await readFile(join(dir, LOCATION_FILE), 'utf8').catch(() => undefined);
  return location?.trim();
}

/** Does what the server will do: enter the directory, write to it, run a program. */
async function canRun(account: PostgresAccount, { dir, binDir }: Omit<PostgresHome, 'account'>): Promise<boolean> {
  const { command, args, ...ids } = asAccount(account, '/bin/sh', ['-c', 'cd "$1" && test -w . && exec "$2" --version', 'sh', dir, join(binDir, 'postgres')]);
  try {
    await promisify(execFile)(command, args, { ...ids, cwd: '/', timeout: PROBE_TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}

async function copyBinaries({ root, version }: PostgresBinaries): Promise<string> {
  const copy = join(PRIVATE_COPY_ROOT, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await mkdir(PRIVATE_COPY_ROOT, { recursive: true, mode: 0o755 });
  await cp(root, draft, { recursive: true, verbatimSymlinks: true });
  await chmod(draft, 0o755);
  await rename(draft, copy).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error; // otherwise another start made the same copy first
  });
  return copy;
}

async function ownerOf(path: string): Promise<{ uid: number; gid: number; name: string } | undefined> {
  try {
    const { uid, gid } = await stat(path);
    return { uid, gid, name: readUsers().find((user) => user.uid === uid)?.name ?? String(uid) };
  } catch {
    return undefined;
  }
}
