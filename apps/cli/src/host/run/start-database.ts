import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { assertDurable, freePort, NotDurableError, startPostgres, supervise } from '@muster/devstack';
import { dataDirPaths } from '../../data-dir/data-dir.js';
import { CliFailure } from '../../failure/cli-failure.js';
import type { HostJournal } from './host-journal.js';
import type { HostParts } from './host-parts.js';

/** How the database is used: the migration role makes tables, the service role adds events. */
export interface HostDatabase {
  readonly migrationUrl: string;
  readonly serviceUrl: string;
  readonly serviceRole: { readonly name: string; readonly password?: string };
}

export interface DatabaseOptions {
  readonly dataDir: string;
  readonly servicePassword: string;
  readonly parts: HostParts;
  readonly journal: HostJournal;
  readonly onRestart: () => void;
}

export const SERVICE_ROLE = 'muster_service';

const ROLE_DIGEST_CHARS = 8;

/** The address with another user. */
export const asRole = (url: string, role: { readonly name: string; readonly password: string }): string => {
  const changed = new URL(url);
  changed.username = encodeURIComponent(role.name);
  changed.password = encodeURIComponent(role.password);
  return changed.href;
};

/** Roles belong to a whole server, on which another host may have one of its own: each is named by its password's digest. */
export const roleOnForeignServer = (password: string): string => `${SERVICE_ROLE}_${createHash('sha256').update(password).digest('hex').slice(0, ROLE_DIGEST_CHARS)}`;

/** A setting, or what the file named by its `_FILE` twin holds. */
export const readSetting = (name: string, env = process.env): string | undefined => {
  const file = env[`${name}_FILE`];
  return env[name] || (file ? readFileSync(file, 'utf8').trim() : undefined);
};

const checkDurable = async (url: string): Promise<void> => {
  try {
    await assertDurable(url);
  } catch (error) {
    if (error instanceof NotDurableError) throw new CliFailure('conflict', `${error.message}.`, { cause: error });
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliFailure('unreachable', `The database of MUSTER_DATABASE_URL cannot be used: ${reason || 'no connection'}.`, { cause: error });
  }
};

const useForeign = async (migrationUrl: string, servicePassword: string): Promise<HostDatabase> => {
  await checkDurable(migrationUrl);
  const given = readSetting('MUSTER_SERVICE_DATABASE_URL');
  if (given !== undefined) {
    await checkDurable(given);
    return { migrationUrl, serviceUrl: given, serviceRole: { name: decodeURIComponent(new URL(given).username) } };
  }
  const role = { name: roleOnForeignServer(servicePassword), password: servicePassword };
  const serviceUrl = asRole(migrationUrl, role);
  return { migrationUrl, serviceUrl, serviceRole: role };
};

/** Uses the server of MUSTER_DATABASE_URL, or starts one on the data directory and keeps it running. */
export const startDatabase = async ({ dataDir, servicePassword, parts, journal, onRestart }: DatabaseOptions): Promise<HostDatabase> => {
  const foreign = readSetting('MUSTER_DATABASE_URL');
  if (foreign !== undefined) {
    const database = await useForeign(foreign, servicePassword);
    journal.step('PostgreSQL of MUSTER_DATABASE_URL answers, and is durable');
    return database;
  }
  const port = await freePort();
  // Said once: how root runs PostgreSQL does not change from restart to restart.
  let log = (line: string): void => journal.info(line);
  const start = () => startPostgres({ dataDir: dataDirPaths(dataDir).postgres, port, log });
  let superuserUrl = '';
  const supervised = await supervise({
    name: 'postgres',
    start: async () => {
      const postgres = await start();
      superuserUrl = postgres.superuserUrl;
      log = () => undefined;
      return postgres;
    },
    log: journal.warn,
    onRestart,
  });
  parts.add({ name: 'postgres', kind: 'postgres', port, supervised });
  journal.step('PostgreSQL runs');
  const role = { name: SERVICE_ROLE, password: servicePassword };
  return { migrationUrl: superuserUrl, serviceUrl: asRole(superuserUrl, role), serviceRole: role };
};
