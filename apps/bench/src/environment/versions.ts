import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findNatsServer } from '@muster/devstack';
import type { BenchServer } from '../stack/bench-server.js';
import { findPostgresPrograms } from '../stack/postgres-programs.js';
import { runProgram } from '../stack/run-program.js';

export type Versions = Readonly<Record<string, string>>;

/** Settings that decide how fast a commit is. */
const SETTINGS = ['fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'wal_compression', 'shared_buffers', 'max_wal_size', 'checkpoint_timeout', 'data_checksums', 'jit'];

const packageVersion = (name: string): string => {
  // A package may export no package.json; its main file lies below the directory that has one.
  for (let dir = new URL('.', import.meta.resolve(name)); dir.pathname !== '/'; dir = new URL('..', dir)) {
    try {
      const manifest = JSON.parse(readFileSync(fileURLToPath(new URL('package.json', dir)), 'utf8')) as { readonly name?: string; readonly version?: string };
      if (manifest.name === name) return manifest.version ?? 'unknown';
    } catch {
      // Further up.
    }
  }
  return 'unknown';
};

const lastWordVersion = (line: string): string => /\d+(\.\d+)+/.exec(line)?.[0] ?? line.trim();

export const describeVersions = async (server: BenchServer): Promise<Versions> => {
  const { stoppables, progress } = server;
  const { pgbench, psql } = await findPostgresPrograms(progress);
  const versionOf = async (command: string, env: Readonly<Record<string, string>> = {}): Promise<string> =>
    lastWordVersion(await runProgram({ command, args: ['--version'], env, stoppables }));
  const [postgres] = await server.query(`select current_setting('server_version') as version`);
  return {
    node: process.versions.node,
    openssl: process.versions.openssl,
    postgresql: String(postgres?.['version']),
    'nats-server': await versionOf(await findNatsServer({ log: progress })),
    pgbench: await versionOf(pgbench.path, pgbench.env),
    psql: await versionOf(psql.path, psql.env),
    pg: packageVersion('pg'),
    '@event-driven-io/emmett-postgresql': packageVersion('@event-driven-io/emmett-postgresql'),
  };
};

export const describeSettings = async (server: BenchServer): Promise<Readonly<Record<string, string>>> => {
  const rows = await server.query(`select name, current_setting(name) as value from pg_settings where name in (${SETTINGS.map((name) => `'${name}'`).join(', ')}) order by name`);
  return Object.fromEntries(rows.map(({ name, value }) => [String(name), String(value)]));
};
