import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../log.js';
import { startNats } from '../nats/start-nats.js';
import { startPostgres } from '../postgres/start-postgres.js';

/** Names the superuser's URL of a PostgreSQL that tests may make databases on. */
export const TEST_DATABASE_URL_VARIABLE = 'MUSTER_TEST_DATABASE_URL';
/** Names the URL of a NATS server without restrictions. */
export const TEST_NATS_URL_VARIABLE = 'MUSTER_TEST_NATS_URL';

export interface TestServers {
  /** The superuser's: make a database of your own with `freshDatabase`. */
  readonly databaseUrl: string;
  /** Open to everybody on this machine. */
  readonly natsUrl: string;
  /** Stops what was started here and removes its files; servers that the environment named stay as they are. */
  stop(): Promise<void>;
}

/** The servers that the environment names (`MUSTER_TEST_DATABASE_URL`, `MUSTER_TEST_NATS_URL`), else private ones in a temporary directory. */
export async function testServers(log?: Log): Promise<TestServers> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const undo of stops.splice(0).reverse()) await undo();
  };
  const options = log === undefined ? {} : { log };
  try {
    const named = { database: process.env[TEST_DATABASE_URL_VARIABLE], nats: process.env[TEST_NATS_URL_VARIABLE] };
    const dir = await mkdtemp(join(tmpdir(), 'muster-test-'));
    stops.push(() => rm(dir, { recursive: true, force: true }));
    const databaseUrl = named.database || (await startDatabase());
    const natsUrl = named.nats || (await startBroker());
    return { databaseUrl, natsUrl, stop };

    async function startDatabase(): Promise<string> {
      const postgres = await startPostgres({ ...options, dataDir: join(dir, 'postgres') });
      stops.push(async () => {
        await postgres.stop();
        await rm(postgres.dir, { recursive: true, force: true });
      });
      return postgres.superuserUrl;
    }

    async function startBroker(): Promise<string> {
      const nats = await startNats({ ...options, dir: join(dir, 'nats'), users: [] });
      stops.push(() => nats.stop());
      return nats.url;
    }
  } catch (error) {
    await stop();
    throw error;
  }
}
