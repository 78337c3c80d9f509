import pg from 'pg';

const CONNECT_TIMEOUT_MS = 10_000;

/** The settings without which an acknowledged commit can be lost, and the values that keep the promise. */
const REQUIRED: Readonly<Record<string, (value: string) => boolean>> = {
  fsync: (value) => value === 'on',
  // `local` waits for this server's own disk, `on`, `remote_write` and `remote_apply` for that and for replicas too; only `off` waits for nothing.
  synchronous_commit: (value) => value !== 'off',
};

/** A PostgreSQL that may forget what it acknowledged. */
export class NotDurableError extends Error {
  override readonly name = 'NotDurableError';
  constructor(readonly setting: string) {
    super(`PostgreSQL has ${setting} = off for this user and database: an acknowledged decision could be lost. Set ${setting} = on, or use another server`);
  }
}

/**
 * Connects and refuses a server that has `fsync` or `synchronous_commit` off, as it is for this very user and database.
 * Rejects with `NotDurableError`, or with the driver's error when the server cannot be asked.
 */
export async function assertDurable(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; value: string }>(
      'select name, current_setting(name) as value from pg_settings where name = any($1)',
      [Object.keys(REQUIRED)],
    );
    for (const { name, value } of rows) if (REQUIRED[name]?.(value) === false) throw new NotDurableError(name);
  } finally {
    await client.end();
  }
}
