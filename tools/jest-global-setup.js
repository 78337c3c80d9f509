// Gives a project's `.int.spec.ts` tests real PostgreSQL and NATS when it is run on its own (`npx jest` in the project's directory).
import { loadDevstack, needsServers } from './jest-devstack.js';

export default async function setUp(_globalConfig, { rootDir }) {
  if (!needsServers(rootDir)) return;
  const { testServers } = await loadDevstack();
  const servers = await testServers();
  process.env.MUSTER_TEST_DATABASE_URL = servers.databaseUrl;
  process.env.MUSTER_TEST_NATS_URL = servers.natsUrl;
  globalThis.musterTestServers = servers; // Jest's only way to hand something on to the teardown
}
