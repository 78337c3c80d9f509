import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { adoptChild } from '../process/child-part.js';
import { describeExit } from '../process/part.js';
import { asAccount, type PostgresAccount } from './postgres-account.js';
import type { PostgresHome } from './postgres-home.js';

const INITDB_TIMEOUT_MS = 120_000; // a second on an SSD; slow disks and shared machines get their time
const OUTPUT_CHARS_MAX = 8_192;

/** The name of the superuser that `initdb` makes. */
export const SUPERUSER = 'postgres';

/** What PostgreSQL may inherit: nothing of ours that could change how it behaves. */
export const SERVER_ENV: NodeJS.ProcessEnv = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Makes the database cluster when there is none yet. An attempt that was cut short leaves nothing that looks like one. */
export async function ensureCluster(home: PostgresHome, password: string): Promise<void> {
  if (existsSync(join(home.clusterDir, 'PG_VERSION'))) return;
  const draft = `${home.clusterDir}.new`;
  const passwordFile = `${draft}.password`;
  await rm(draft, { recursive: true, force: true });
  try {
    await rm(passwordFile, { force: true });
    const handle = await open(passwordFile, 'wx', 0o600);
    await handle.writeFile(`${password}\n`);
    await handle.close();
    await giveTo(home.account, passwordFile);
    await runInitdb(home, draft, passwordFile);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(draft, home.clusterDir);
  await syncDirectory(dirname(home.clusterDir));
}

/** Hands a file that root made to the account that has to use it. */
export async function giveTo(account: PostgresAccount, path: string): Promise<void> {
  if (account.kind === 'other-user') await chown(path, account.uid, account.gid);
}

async function runInitdb(home: PostgresHome, clusterDir: string, passwordFile: string): Promise<void> {
  const { command, args, ...ids } = asAccount(home.account, join(home.binDir, 'initdb'), [
    `--pgdata=${clusterDir}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Byte order that no update of the system's locales can change under an index; the built-in provider still knows Unicode's letters.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
  ]);
  const child = spawn(command, args, { ...ids, cwd: home.dir, env: SERVER_ENV, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output = (output + chunk).slice(-OUTPUT_CHARS_MAX)));
  }
  const part = await adoptChild(child, { group: true, signals: [{ signal: 'SIGTERM', waitMs: 2_000 }, { signal: 'SIGKILL', waitMs: 2_000 }] });
  const timer = setTimeout(() => void part.stop(), INITDB_TIMEOUT_MS);
  const exit = await part.exited;
  clearTimeout(timer);
  if (exit.code !== 0) throw new Error(`initdb failed in ${home.dir} (${describeExit(exit)}):\n${output.trim()}`);
}

/** A rename is only as durable as its directory. */
async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
