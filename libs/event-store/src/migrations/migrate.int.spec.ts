import type { FreshDatabase, TestServers } from '@muster/devstack';
import { freshDatabase, testServers } from '@muster/devstack';
import pg from 'pg';
import { migrate } from './migrate.js';
import { POSITIONS_PER_PARTITION, REQUEST_ID_DAYS, SPARE_PARTITIONS, SPARE_REQUEST_ID_PARTITIONS } from './partitions.js';

let servers: TestServers;
let database: FreshDatabase;
let admin: pg.Client;
/** Roles belong to the whole server: each test has its own. */
const roles: string[] = [];

const newRole = (prefix: string): { readonly name: string; readonly password: string } => {
  const name = `${prefix}_${database.name}`.slice(0, 60);
  roles.push(name);
  return { name, password: 'not-a-secret' };
};

const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
};

const urlFor = (role: { readonly name: string; readonly password: string }): string => {
  const url = new URL(database.url);
  url.username = role.name;
  url.password = role.password;
  return url.href;
};

const tables = async (like: string): Promise<number> => {
  const { rows } = await admin.query<{ count: string }>(`select count(*) from pg_class where relkind = 'r' and relnamespace = 'muster'::regnamespace and relname ~ $1`, [like]);
  return Number(rows[0]?.count);
};

beforeAll(async () => {
  servers = await testServers();
});

afterAll(() => servers.stop());

beforeEach(async () => {
  database = await freshDatabase(servers.databaseUrl);
  admin = await connect(database.url);
});

afterEach(async () => {
  await admin.end();
  await database.drop();
  const server = await connect(servers.databaseUrl);
  for (const role of roles.splice(0)) await server.query(`drop role if exists ${role}`);
  await server.end();
});

const eventRow = `
  insert into muster.events (position, recorded_at, kind, seen, version, ledger, type, actor, leaf_hash, running_hash, body)
  values ($1, now(), 1, 0, 1, 'acme', 'HostRetired', 'operator:x', decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'), '')`;

describe('migrate', () => {
  it('makes the ledgers with partitions ahead of need, and changes nothing the second time', async () => {
    const first = await migrate({ url: database.url, ledgers: ['acme', 'other.ledger-2'] });
    expect(first.applied).toHaveLength(1);
    expect(first.partitionsMade).toBe(2 * (1 + SPARE_PARTITIONS) + 1 + SPARE_REQUEST_ID_PARTITIONS);
    expect(await migrate({ url: database.url, ledgers: ['acme', 'other.ledger-2'] })).toEqual({ applied: [], partitionsMade: 0, partitionsDropped: 0 });
  });

  it('can run twice at once', async () => {
    const serviceRole = newRole('twice');
    const reports = await Promise.all([1, 2, 3].map(() => migrate({ url: database.url, ledgers: ['acme'], serviceRole })));
    expect(reports.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 1]);
  });

  it('stays ahead of a head that moved on', async () => {
    await migrate({ url: database.url, ledgers: ['acme'] });
    await admin.query('update muster.heads set position = $1', [2 * POSITIONS_PER_PARTITION]);
    expect((await migrate({ url: database.url, ledgers: ['acme'] })).partitionsMade).toBe(2);
    expect(await tables('^events_[0-9]+_[0-9]+$')).toBe(3 + SPARE_PARTITIONS);
  });

  it('drops request ids only when all of them are older than 35 days', async () => {
    await migrate({ url: database.url, ledgers: ['acme'] });
    const current = Math.floor(Date.now() / (REQUEST_ID_DAYS * 86_400_000));
    for (const age of [1, 2, 3]) {
      const [from, to] = [current - age, current - age + 1].map((n) => new Date(n * REQUEST_ID_DAYS * 86_400_000).toISOString());
      await admin.query(`create table muster.request_ids_${current - age} partition of muster.request_ids for values from ('${from}') to ('${to}')`);
    }
    expect((await migrate({ url: database.url, ledgers: ['acme'] })).partitionsDropped).toBe(2);
    expect(await tables(`^request_ids_${current - 1}$`)).toBe(1);
  });

  it('gives way to running statements: partitions are made while a reader holds the table', async () => {
    await migrate({ url: database.url, ledgers: ['acme'] });
    await admin.query('update muster.heads set position = $1', [POSITIONS_PER_PARTITION]);
    const reader = await connect(database.url);
    await reader.query('begin; select count(*) from muster.events');
    expect((await migrate({ url: database.url, ledgers: ['acme'] })).partitionsMade).toBe(1);
    await reader.end();
  });

  it('works as an ordinary owner of the database that may make roles', async () => {
    const owner = newRole('owner');
    await admin.query(`create role ${owner.name} login createrole password '${owner.password}'; alter database ${database.name} owner to ${owner.name}`);
    const serviceRole = newRole('service');
    await migrate({ url: urlFor(owner), ledgers: ['acme'], serviceRole });
    await migrate({ url: urlFor(owner), ledgers: ['acme'], serviceRole: { ...serviceRole, password: 'another-one' } });
    const service = await connect(urlFor({ ...serviceRole, password: 'another-one' }));
    expect((await service.query('select * from muster.heads')).rowCount).toBe(1);
    await service.end();
  });

  it('works as an owner who may not make roles, when no service role is asked for or a present one is named', async () => {
    const owner = newRole('owner');
    const service = newRole('service');
    await admin.query(`create role ${owner.name} login password '${owner.password}'; create role ${service.name} login password '${service.password}'`);
    await admin.query(`alter database ${database.name} owner to ${owner.name}`);
    await migrate({ url: urlFor(owner), ledgers: ['acme'] });
    await migrate({ url: urlFor(owner), ledgers: ['acme'], serviceRole: { name: service.name } });
    const client = await connect(urlFor(service));
    expect((await client.query('select * from muster.events')).rowCount).toBe(0);
    await client.end();
  });

  it('refuses a name that is not one', async () => {
    await expect(migrate({ url: database.url, ledgers: ["x'; drop table y"] })).rejects.toThrow('not a name for a ledger');
  });
});

describe('the service role', () => {
  let service: pg.Client;

  beforeEach(async () => {
    const serviceRole = newRole('service');
    await migrate({ url: database.url, ledgers: ['acme'], serviceRole });
    service = await connect(urlFor(serviceRole));
    await service.query(eventRow, [1]);
  });

  afterEach(() => service.end());

  it.each([
    'update muster.events set body = $$x$$',
    'delete from muster.events',
    'truncate muster.events',
    'delete from muster.heads',
    'truncate muster.heads',
    'insert into muster.heads values ($$new$$, 0, now(), $$$$)',
    'update muster.request_ids set position = 1',
    'delete from muster.request_ids',
    'update muster.personal_data set hostname = $$x$$',
    'truncate muster.personal_data',
    'update muster.ledgers set ledger = $$x$$',
    'select * from muster.events_1_0',
    'delete from muster.events_1_0',
    'alter table muster.events disable trigger all',
    'drop table muster.events_1_0',
    'create table muster.mine ()',
    'select * from muster.migrations',
  ])('may not: %s', async (statement) => {
    await expect(service.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  it('may not move a head back', async () => {
    await service.query('update muster.heads set position = 5');
    await expect(service.query('update muster.heads set position = 4')).rejects.toThrow('only moves forward');
    await expect(service.query(`update muster.heads set position = 6, recorded_at = to_timestamp(0) - interval '1 s'`)).rejects.toThrow('only moves forward');
  });
});

describe('the owner', () => {
  beforeEach(async () => {
    await migrate({ url: database.url, ledgers: ['acme'] });
    await admin.query(eventRow, [1]);
  });

  const statements = ['events', 'events_1', 'events_1_0', 'events_1_3'].flatMap((table) => [
    `update muster.${table} set body = $$x$$`,
    `delete from muster.${table} where position = 1`,
    `truncate muster.${table}`,
  ]);

  it.each(statements)('is refused by triggers: %s', async (statement) => {
    await expect(admin.query(statement)).rejects.toThrow('events are never changed');
  });

  it('is refused also while triggers are off for replication', async () => {
    await admin.query('set session_replication_role = replica');
    await expect(admin.query('update muster.events set actor = $$x$$')).rejects.toThrow('events are never changed');
    await expect(admin.query('update muster.heads set recorded_at = to_timestamp(-1)')).rejects.toThrow('only moves forward');
  });
});
