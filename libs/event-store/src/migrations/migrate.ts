import 'reflect-metadata';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { CreateLedger1795334400000 } from './1795334400000-create-ledger.migration.js';
import { ensureEventPartitions, ensureLedger, ensureRequestIdPartitions } from './partitions.js';
import type { ServiceRole } from './service-role.js';
import { ensureServiceRole } from './service-role.js';

export interface MigrateOptions {
  /** Of the migration role: owner of the database; it needs CREATEROLE only to make a service role with a password. */
  readonly url: string;
  readonly ledgers: readonly string[];
  /** Left out: services connect as the migration role, held back by the triggers alone. */
  readonly serviceRole?: ServiceRole;
}

export interface MigrationReport {
  /** Names of the migrations that ran now. */
  readonly applied: readonly string[];
  readonly partitionsMade: number;
  readonly partitionsDropped: number;
}

/** PostgreSQL 15 is the oldest that is tested. */
const SERVER_VERSION_MIN = 150_000;

const CONNECT_TIMEOUT_MS = 10_000;

/** Chosen once at random; advisory locks are counted per database. */
const MIGRATION_LOCK = '7240931856120455';

const checkServer = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ version: number; name: string }>(`select current_setting('server_version_num')::int as version, current_setting('server_version') as name`);
  const [server] = rows;
  if (server === undefined || server.version < SERVER_VERSION_MIN) throw new Error(`PostgreSQL ${server?.name ?? ''} is too old: 15 or newer is needed`);
};

const runMigrations = async (url: string): Promise<readonly string[]> => {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema: 'muster',
    migrations: [CreateLedger1795334400000],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'all',
    applicationName: 'muster-migrate',
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    installExtensions: false,
    logging: false,
  });
  await source.initialize();
  try {
    return (await source.runMigrations()).map(({ name }) => name);
  } finally {
    await source.destroy();
  }
};

/**
 * Brings a database to the present shape: schema, ledgers, partitions ahead of need, the service role and its grants.
 *
 * Safe to run again, twice at once, and from time to time beside running services: that is how partitions stay ahead.
 * @throws Error the driver's, when the server cannot be reached or the role lacks a right
 */
export const migrate = async ({ url, ledgers, serviceRole }: MigrateOptions): Promise<MigrationReport> => {
  const client = new pg.Client({ connectionString: url, application_name: 'muster-migrate', connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A lost connection also fails the statement that is under way; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await checkServer(client);
    await client.query('set client_min_messages = warning');
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query('create schema if not exists muster');
    const applied = await runMigrations(url);
    let made = 0;
    for (const ledger of ledgers) made += await ensureEventPartitions(client, ledger, await ensureLedger(client, ledger));
    const requestIds = await ensureRequestIdPartitions(client);
    if (serviceRole !== undefined) await ensureServiceRole(client, serviceRole);
    return { applied, partitionsMade: made + requestIds.made, partitionsDropped: requestIds.dropped };
  } finally {
    await client.end();
  }
};
