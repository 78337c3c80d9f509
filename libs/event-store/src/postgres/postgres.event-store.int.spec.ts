import type { FreshDatabase, TestServers } from '@muster/devstack';
import { freshDatabase, testServers } from '@muster/devstack';
import { eventStoreConformance } from '../conformance/event-store.conformance.js';
import { dropServiceRole, postgresHarness } from '../testing/postgres-harness.js';

let servers: TestServers;
const databases: FreshDatabase[] = [];

beforeAll(async () => {
  servers = await testServers();
});

afterAll(async () => {
  for (const database of databases) {
    await database.drop();
    await dropServiceRole(servers.databaseUrl, database);
  }
  await servers.stop();
});

/** Fewer than in memory: each history needs a migrated ledger of its own. */
const INTERLEAVINGS = 10;

eventStoreConformance(
  'the PostgreSQL event store',
  async () => {
    const database = await freshDatabase(servers.databaseUrl);
    databases.push(database);
    return postgresHarness(database);
  },
  INTERLEAVINGS,
);
