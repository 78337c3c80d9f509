import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** An empty database of one's own. */
export interface FreshDatabase {
  readonly url: string;
  readonly name: string;
  /** Removes the database, ending whatever is still connected to it. */
  drop(): Promise<void>;
}

/** Makes a randomly named empty database on the server, so that tests share a server and nothing else. */
export async function freshDatabase(superuserUrl: string): Promise<FreshDatabase> {
  const name = `muster_test_${randomBytes(8).toString('hex')}`;
  // template0: nobody can be connected to it, so that databases can be made at the same time.
  await execute(superuserUrl, `create database ${name} template template0`);
  const url = new URL(superuserUrl);
  url.pathname = `/${name}`;
  return { url: url.href, name, drop: () => execute(superuserUrl, `drop database if exists ${name} with (force)`) };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
