import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = new URL('../libs/devstack/dist/index.js', import.meta.url);

/** Whether Jest has to start servers for the project: it has integration tests, and the environment names no servers. */
export function needsServers(projectDir) {
  if (process.env.MUSTER_TEST_DATABASE_URL && process.env.MUSTER_TEST_NATS_URL) return false;
  const sources = join(projectDir, 'src');
  return existsSync(sources) && readdirSync(sources, { recursive: true }).some((name) => name.endsWith('.int.spec.ts'));
}

export async function loadDevstack() {
  if (!existsSync(BUILT)) throw new Error('libs/devstack is not built: run `npx nx build devstack` first, or `npm test` in the root');
  return import(BUILT.href);
}
