import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FreshDatabase } from '@muster/devstack';
import { freshDatabase, startPostgres } from '@muster/devstack';
import pg from 'pg';
import type { Progress } from '../progress.js';
import type { Stoppables } from './stoppables.js';
import { makeWorkDir } from './work-dir.js';

/** The one PostgreSQL that everything is measured on, with the settings that `npm start` gives it. */
export interface BenchServer {
  readonly postgresPid: number;
  readonly superuserUrl: string;
  readonly workDir: string;
  readonly stoppables: Stoppables;
  readonly progress: Progress;
  /** An empty directory. */
  readonly makeDir: (name: string) => string;
  readonly makeDatabase: () => Promise<FreshDatabase>;
  /** Hands out an empty database, which is dropped after the work. */
  readonly withFreshDatabase: <T>(work: (url: string) => Promise<T>) => Promise<T>;
  /** Writes out what earlier work left in memory, so that the next one does not pay for it. */
  readonly checkpoint: () => Promise<void>;
  /** Rows of a statement in the server's own database, or in another one. */
  readonly query: (text: string) => Promise<readonly Record<string, unknown>[]>;
  readonly queryIn: (url: string, text: string) => Promise<readonly Record<string, unknown>[]>;
}

const DISCONNECT_WAIT_MS = 5_000;
const DISCONNECT_POLL_MS = 20;

const runQuery = async (url: string, text: string): Promise<readonly Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};

/** A client that was closed says so to the server in its own time; to end it by force then is an error that some pools do not survive. */
const untilDisconnected = async (superuserUrl: string, database: string): Promise<void> => {
  const giveUpAtMs = performance.now() + DISCONNECT_WAIT_MS;
  while (performance.now() < giveUpAtMs) {
    if ((await runQuery(superuserUrl, `select from pg_stat_activity where datname = '${database}'`)).length === 0) return;
    await delay(DISCONNECT_POLL_MS);
  }
};

export const startBenchServer = async (stoppables: Stoppables, progress: Progress): Promise<BenchServer> => {
  const workDir = makeWorkDir(stoppables);
  const makeDir = (name: string): string => {
    const dir = join(workDir, `${name}-${randomBytes(4).toString('hex')}`);
    mkdirSync(dir, { mode: 0o700 });
    return dir;
  };
  progress('starting PostgreSQL …');
  const postgres = await startPostgres({ dataDir: makeDir('postgres'), log: progress });
  stoppables.add(() => postgres.stop());
  const { superuserUrl } = postgres;
  return {
    postgresPid: postgres.pid,
    superuserUrl,
    workDir,
    stoppables,
    progress,
    makeDir,
    makeDatabase: () => freshDatabase(superuserUrl),
    withFreshDatabase: async (work) => {
      const database = await freshDatabase(superuserUrl);
      try {
        return await work(database.url);
      } finally {
        await untilDisconnected(superuserUrl, database.name);
        await database.drop();
      }
    },
    checkpoint: async () => void (await runQuery(superuserUrl, 'checkpoint')),
    query: (text) => runQuery(superuserUrl, text),
    queryIn: runQuery,
  };
};
