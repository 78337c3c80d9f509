import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TEST_DATABASE_URL_VARIABLE, TEST_NATS_URL_VARIABLE, testServers, type TestServers } from './test-servers.js';

let servers: TestServers | undefined;

/** Jest's global setup: starts servers for a project that has `.int.spec.ts` files, unless the environment names some already. */
export async function setUpTestServers(project: { readonly rootDir: string }): Promise<void> {
  if (process.env[TEST_DATABASE_URL_VARIABLE] && process.env[TEST_NATS_URL_VARIABLE]) return;
  if (!hasIntegrationTests(project.rootDir)) return;
  servers = await testServers();
  process.env[TEST_DATABASE_URL_VARIABLE] = servers.databaseUrl;
  process.env[TEST_NATS_URL_VARIABLE] = servers.natsUrl;
}

/** Jest's global teardown. */
export async function tearDownTestServers(): Promise<void> {
  await servers?.stop();
  servers = undefined;
}

function hasIntegrationTests(rootDir: string): boolean {
  const sources = join(rootDir, 'src');
  return existsSync(sources) && readdirSync(sources, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.int.spec.ts'));
}
