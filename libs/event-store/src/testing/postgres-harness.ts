import { systemClock } from '@muster/kernel';
import pg from 'pg';
import type { StoreHarness } from '../conformance/store-harness.js';
import type { EventStore } from '../event-store.port.js';
import { migrate } from '../migrations/migrate.js';
import { createPostgresEventStore } from '../postgres/postgres.event-store.js';

/** What the tests need of a database made for them. */
interface TestDatabase {
  readonly url: string;
  readonly name: string;
}

const serviceRoleOf = ({ name }: TestDatabase) => ({ name: `service_${name}`, password: 'not-a-secret' });

/** To be called when the database is gone: a role that still has rights somewhere cannot be dropped. */
export const dropServiceRole = async (superuserUrl: string, database: TestDatabase): Promise<void> => {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  await client.query(`drop role if exists ${pg.escapeIdentifier(serviceRoleOf(database).name)}`);
  await client.end();
};

/** Stores on one database that nobody else uses, connected as the service role. */
export const postgresHarness = async (database: TestDatabase): Promise<StoreHarness & { readonly serviceUrl: string }> => {
  // Roles belong to the whole server: one for each database keeps tests apart.
  const serviceRole = serviceRoleOf(database);
  const url = new URL(database.url);
  url.username = serviceRole.name;
  url.password = serviceRole.password;
  await migrate({ url: database.url, ledgers: [], serviceRole });
  const opened: EventStore[] = [];
  let count = 0;
  return {
    serviceUrl: url.href,
    newLedger: async () => {
      const ledger = `ledger-${(count += 1)}`;
      await migrate({ url: database.url, ledgers: [ledger], serviceRole });
      return ledger;
    },
    openStore: ({ clock = systemClock, storeClock } = {}) => {
      const store = createPostgresEventStore({ url: url.href, clock, applicationName: 'muster-test', ...(storeClock && { storeClock }) });
      opened.push(store);
      return store;
    },
    forgetRequests: async (ledger) => {
      const owner = new pg.Client({ connectionString: database.url });
      await owner.connect();
      await owner.query('delete from muster.request_ids where ledger = $1', [ledger]);
      await owner.end();
    },
    close: async () => void (await Promise.all(opened.map((store) => store.close()))),
  };
};
