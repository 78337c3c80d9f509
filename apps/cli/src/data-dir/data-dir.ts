import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export const DATA_DIR_NAME = '.muster';

/** Where everything of a local host is kept below its data directory. */
export const dataDirPaths = (dir: string) => ({
  runFile: join(dir, 'run.json'),
  operatorToken: join(dir, 'operator-token'),
  secrets: join(dir, 'secrets'),
  vendor: join(dir, 'vendor'),
  vendorRoot: join(dir, 'vendor', 'vendor-root.public.json'),
  postgres: join(dir, 'postgres'),
  nats: join(dir, 'nats'),
  logs: join(dir, 'logs'),
  /** Only of a host with a controlled clock. */
  clock: join(dir, 'clock.json'),
});

/** The nearest `.muster` here or in a directory above, as git finds its own; one is a host's only once a host has run there. */
export const findDataDir = (from: string): string | undefined => {
  for (let dir = resolve(from); ; dir = dirname(dir)) {
    const candidate = join(dir, DATA_DIR_NAME);
    if (existsSync(dataDirPaths(candidate).operatorToken)) return candidate;
    if (dirname(dir) === dir) return undefined;
  }
};
