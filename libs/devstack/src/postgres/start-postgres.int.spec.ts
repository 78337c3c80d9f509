import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../data-dir/free-port.js';
import { supervise } from '../process/supervise.js';
import { temporaryDir } from '../testing/temporary-dir.js';
import { assertDurable } from './assert-durable.js';
import { freshDatabase } from './fresh-database.js';
import { startPostgres, type PrivatePostgres } from './start-postgres.js';

const dir = temporaryDir();
const dataDir = join(dir.path, 'postgres');
afterAll(() => dir.remove());

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('a private PostgreSQL', () => {
  let postgres: PrivatePostgres;
  beforeEach(async () => (postgres = await startPostgres({ dataDir })));
  afterEach(() => postgres.stop());

  it('is durable, checksummed, in UTF-8 and byte order, and listens on loopback only', async () => {
    const [row] = await query(
      postgres.superuserUrl,
      `select current_setting('fsync') f, current_setting('synchronous_commit') s, current_setting('data_checksums') c, current_setting('server_encoding') e,
              current_setting('listen_addresses') l, current_setting('unix_socket_directories') u, current_setting('password_encryption') p,
              (select datlocprovider::text || ' ' || datlocale from pg_database where datname = 'postgres') o`,
    );
    expect(row).toEqual({ f: 'on', s: 'on', c: 'on', e: 'UTF8', l: '127.0.0.1', u: '', p: 'scram-sha-256', o: 'b C.UTF-8' });
    await expect(assertDurable(postgres.superuserUrl)).resolves.toBeUndefined();
  });

  it('lets nobody in without the password, and keeps that private', async () => {
    const url = new URL(postgres.superuserUrl);
    url.password = 'guessed';
    await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(join(dataDir, 'superuser.secret')).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir).filter((name) => name.includes('password'))).toEqual([]);
  });

  it('is not started twice on the same files', async () => {
    await expect(startPostgres({ dataDir })).rejects.toThrow(`already runs on ${dataDir} (pid ${postgres.pid}), started by process ${process.pid}`);
  });

  it('gives each test a database of its own, and takes it back from whoever is still connected', async () => {
    const database = await freshDatabase(postgres.superuserUrl);
    const client = new pg.Client({ connectionString: database.url });
    const ended = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    await database.drop();
    expect(await ended).toBeInstanceOf(Error);
    expect(await query(postgres.superuserUrl, `select 1 from pg_database where datname = '${database.name}'`)).toEqual([]);
  });

  it('is refused where the database turns durable commits off', async () => {
    const database = await freshDatabase(postgres.superuserUrl);
    await query(postgres.superuserUrl, `alter database ${database.name} set synchronous_commit = off`);
    await expect(assertDurable(database.url)).rejects.toThrow(/synchronous_commit = off/);
    await database.drop();
  });
});

describe('PostgreSQL that was ended by force', () => {
  it('comes back under supervision on the same port with what was committed, while a process of the old one is still busy', async () => {
    const port = await freePort();
    let restarted: (postgres: PrivatePostgres) => void = () => undefined;
    const again = new Promise<PrivatePostgres>((resolve) => (restarted = resolve));
    const supervised = await supervise({ name: 'PostgreSQL', start: () => startPostgres({ dataDir, port }), log: () => undefined, onRestart: (part) => restarted(part) });
    const first = supervised.current();
    if (first === undefined) throw new Error('not running');
    await query(first.superuserUrl, 'create table kept as select 42 as answer');

    // A backend in the middle of a computation does not look whether its postmaster lives, and keeps the shared memory.
    const busy = new pg.Client({ connectionString: first.superuserUrl });
    busy.on('error', () => undefined);
    await busy.connect();
    const running = busy.query('select sum(i::numeric ^ 3) from generate_series(1, 100000000) i').catch((error: Error) => error);
    process.kill(first.pid, 'SIGKILL');

    const second = await again;
    expect(second.pid).not.toBe(first.pid);
    expect(second.port).toBe(port);
    expect(await query(second.superuserUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(await running).toBeInstanceOf(Error);
    await supervised.stop();
    await expect(query(second.superuserUrl, 'select 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('comes back while what is left of the old one has yet to be noticed by its parent', async () => {
    await (await startPostgres({ dataDir })).stop();
    // `sleep` never waits for the child that it took over with its process: that one stays a zombie until `sleep` ends.
    const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 2'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [pid] = (await once(parent.stdout, 'data')) as [Buffer];
    const gone = once(parent, 'exit');
    writeFileSync(join(dataDir, 'cluster', 'postmaster.pid'), `${pid.toString().trim()}\n`, { mode: 0o600 });

    const postgres = await startPostgres({ dataDir });
    expect(await query(postgres.superuserUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await postgres.stop();
    await gone;
  });

  it('says at once that a port is taken, and by what its password is refused', async () => {
    const postgres = await startPostgres({ dataDir });
    const other = join(dir.path, 'other');
    await expect(startPostgres({ dataDir: other, port: postgres.port })).rejects.toThrow(`cannot listen on port ${postgres.port}`);
    await postgres.stop();
    await expect(startPostgres({ dataDir, password: 'not-the-one' })).rejects.toThrow('does not accept the superuser password');
    expect(readFileSync(join(dataDir, 'server.log'), 'utf8')).not.toContain('not-the-one');
  });
});
