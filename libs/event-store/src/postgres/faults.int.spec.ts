import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { FreshDatabase, TestServers } from '@muster/devstack';
import { freshDatabase, testServers } from '@muster/devstack';
import { systemClock } from '@muster/kernel';
import pg from 'pg';
import type { AppendBatch, EventStore } from '../event-store.port.js';
import { POSITIONS_PER_PARTITION } from '../migrations/partitions.js';
import { dropServiceRole, postgresHarness } from '../testing/postgres-harness.js';
import { hostRetired, machineOf, requestIdOf, sampleBatch } from '../testing/sample-batch.js';
import type { TcpProxy } from '../testing/tcp-proxy.js';
import { startTcpProxy } from '../testing/tcp-proxy.js';
import { createPostgresEventStore } from './postgres.event-store.js';
import { turnLockKey } from './turns.js';

/** The name of the append's prepared statement, which every append carries. */
const APPEND = 'muster-append';

/** "Quickly, not hangs": connect, one statement and settling, each with its own bound, and some room for a busy machine. */
const PROMPT_MS_MAX = 5_000;

let servers: TestServers;
let database: FreshDatabase;
let harness: Awaited<ReturnType<typeof postgresHarness>>;
let ledger: string;
let proxy: TcpProxy;
/** Through the proxy. */
let store: EventStore;
/** Past it. */
let direct: EventStore;

const throughProxy = (): string => {
  const url = new URL(harness.serviceUrl);
  url.host = `127.0.0.1:${proxy.port}`;
  return url.href;
};

const batch = async (seed: string): Promise<AppendBatch> =>
  sampleBatch({ ledger, head: await direct.head(ledger), nowMs: Date.now(), requests: [{ machine: machineOf(seed), requestId: requestIdOf(seed) }] });

const asOwner = async (statement: string, values: readonly unknown[] = []): Promise<void> => {
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(statement, [...values]);
  await owner.end();
};

const recordedTypes = async (): Promise<readonly string[]> => (await direct.read({ ledger, after: 0, limit: 100 })).map(({ type }) => type);

beforeAll(async () => {
  servers = await testServers();
  database = await freshDatabase(servers.databaseUrl);
  harness = await postgresHarness(database);
});

afterAll(async () => {
  await harness.close();
  await database.drop();
  await dropServiceRole(servers.databaseUrl, database);
  await servers.stop();
});

beforeEach(async () => {
  ledger = await harness.newLedger();
  direct = harness.openStore();
  const { hostname: host, port } = new URL(database.url);
  proxy = await startTcpProxy({ host, port: Number(port) });
  store = createPostgresEventStore({ url: throughProxy(), clock: systemClock });
});

afterEach(async () => {
  await proxy.close();
  await store.close();
});

describe('an append whose outcome is not known', () => {
  it('was committed and its answer lost: recorded once, and reported so', async () => {
    const [result] = await Promise.all([store.append(await batch('a')), proxy.dropReplyTo(APPEND)]);
    expect(result).toMatchObject({ outcome: 'appended', head: { position: 2 } });
    expect(await recordedTypes()).toEqual(['ActivationRequested', 'ActivationDeferred']);
  });

  it('was committed, its answer lost, and others wrote after it: still found as its own', async () => {
    const lost = proxy.dropReplyTo(APPEND).then(async () => {
      proxy.refuseConnections(true);
      await direct.append(await batch('other'));
      proxy.refuseConnections(false);
    });
    const [result] = await Promise.all([store.append(await batch('a')), lost]);
    expect(result).toMatchObject({ outcome: 'appended', head: { position: 2 } });
    expect((await direct.head(ledger)).position).toBe(4);
  });

  it('is late: sent again and recorded, and the late one then writes nothing', async () => {
    const [result, held] = await Promise.all([store.append(await batch('a')), proxy.holdRequest(APPEND)]);
    expect(result).toMatchObject({ outcome: 'appended', head: { position: 2 } });
    await held.release();
    expect(await recordedTypes()).toEqual(['ActivationRequested', 'ActivationDeferred']);
  });

  it('is late and somebody else wrote: moved, and the late one writes nothing', async () => {
    const appending = batch('a').then((mine) => store.append(mine));
    const held = await proxy.holdRequest(APPEND);
    await direct.append(await batch('other'));
    expect(await appending).toMatchObject({ outcome: 'moved', head: { position: 2 } });
    await held.release();
    expect((await direct.findRequests(ledger, [{ machine: machineOf('a'), requestId: requestIdOf('a') }])).known).toEqual([]);
    expect((await direct.head(ledger)).position).toBe(2);
  });

  it('cannot be settled: said to be unknown, never to be unrecorded; it commits late and is found', async () => {
    const mine = await batch('a');
    const appending = store.append(mine).catch((error: unknown) => error);
    const held = await proxy.holdRequest(APPEND);
    proxy.refuseConnections(true);
    expect(await appending).toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('outcome unknown'), extensions: { recorded: 'unknown' } });
    await held.release();
    const { known } = await direct.findRequests(ledger, [{ machine: machineOf('a'), requestId: requestIdOf('a') }]);
    expect(known).toMatchObject([{ position: 2 }]);
    expect(await direct.append(mine)).toMatchObject({ outcome: 'appended', head: { position: 2 } });
    expect((await direct.head(ledger)).position).toBe(2);
  });
});

describe('a server that is away', () => {
  const calls: Readonly<Record<string, (away: EventStore) => Promise<unknown>>> = {
    head: (away) => away.head(ledger),
    findRequests: (away) => away.findRequests(ledger, []),
    replay: (away) => away.replay({ ledger, after: 0, upTo: 1 }, () => undefined),
    takeTurn: (away) => away.takeTurn(ledger, 250),
    append: async (away) => away.append(await batch('a')),
  };

  it.each(Object.keys(calls))('refuses connections: %s says unavailable at once', async (name) => {
    proxy.refuseConnections(true);
    const startedMs = performance.now();
    await expect(calls[name]?.(store)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(performance.now() - startedMs).toBeLessThan(PROMPT_MS_MAX);
  });

  it.each(['head', 'append', 'takeTurn'])('went silent on an open connection: %s says unavailable soon', async (name) => {
    await calls[name]?.(store);
    proxy.freeze();
    const startedMs = performance.now();
    await expect(calls[name]?.(store)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(performance.now() - startedMs).toBeLessThan(PROMPT_MS_MAX);
  });

  it('comes back: the same store goes on', async () => {
    await store.append(await batch('before'));
    await (await store.takeTurn(ledger, 250))();
    // Waits until they are gone.
    await asOwner('select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = $1', [`service_${database.name}`]);
    expect(await store.append(await batch('after'))).toMatchObject({ outcome: 'appended', head: { position: 4 } });
    expect((await store.head(ledger)).position).toBe(4);
  });

  it('has no partition left: says to run the migration', async () => {
    await asOwner('update muster.heads set position = $1, recorded_at = now() where ledger = $2', [5 * POSITIONS_PER_PARTITION, ledger]);
    await expect(store.append(await batch('a'))).rejects.toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('run the migration') });
    expect((await direct.health(ledger)).sparePartitions).toBeLessThan(2);
  });

  it('holds a row where the next event belongs: says that it cannot store it', async () => {
    await asOwner(
      `insert into muster.events (position, recorded_at, kind, seen, version, ledger, type, actor, leaf_hash, running_hash, body)
       values (1, now(), 2, 0, 1, $1, 'HostRetired', 'operator:test', sha256('leaf'), sha256('running'), '{}')`,
      [ledger],
    );
    await expect(store.append(await batch('a'))).rejects.toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('beyond its head') });
    expect((await direct.head(ledger)).position).toBe(0);
  });

  it('knows no such ledger: says to run the migration', async () => {
    await expect(store.head('nobody-made-it')).rejects.toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('run the migration') });
    await expect(store.append({ ...(await batch('a')), ledger: 'nobody-made-it' })).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('a server that may forget', () => {
  afterEach(() => asOwner(`alter role "service_${database.name}" reset all`));

  it('is not written to', async () => {
    await asOwner(`alter role "service_${database.name}" set synchronous_commit = off`);
    await expect(store.append(await batch('a'))).rejects.toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('synchronous_commit = off') });
    expect((await direct.head(ledger)).position).toBe(0);
  });
});

describe('the holder of a turn', () => {
  // A process of its own, so that it can be frozen as a whole; plain pg, because it must run without being compiled.
  const holder = `
    const pg = require(process.argv[1]);
    const client = new pg.Client(process.argv[2]);
    client.connect().then(() => client.query('select pg_advisory_lock($1)', [process.argv[3]])).then(() => console.log('held'));`;

  const hold = async () => {
    const pgPath = createRequire(import.meta.url).resolve('pg');
    const child = spawn(process.execPath, ['-e', holder, pgPath, harness.serviceUrl, turnLockKey(ledger)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return child;
  };

  it('is frozen by SIGSTOP: the others go on within the bound; it is killed: its turn is free', async () => {
    const child = await hold();
    try {
      child.kill('SIGSTOP');
      const askedAtMs = performance.now();
      const giveBack = await store.takeTurn(ledger, 250);
      const waitedMs = performance.now() - askedAtMs;
      expect(waitedMs).toBeGreaterThanOrEqual(240);
      expect(waitedMs).toBeLessThan(1_250);
      expect((await store.append(await batch('a'))).outcome).toBe('appended');
      await giveBack();
    } finally {
      child.kill('SIGKILL');
    }
    // Waited for in the server's queue: far longer than the server needs to see that the client is gone, far shorter than the bound.
    const freedAtMs = performance.now();
    await (await store.takeTurn(ledger, 10_000))();
    expect(performance.now() - freedAtMs).toBeLessThan(1_000);
  });

  it('lost its connection: the turn is free', async () => {
    await direct.takeTurn(ledger, 250);
    await asOwner(`select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = $1 and query ~ 'advisory'`, [`service_${database.name}`]);
    await (await store.takeTurn(ledger, 10_000))();
    expect(await direct.append(sampleBatch({ ledger, head: await direct.head(ledger), nowMs: Date.now(), events: [hostRetired] }))).toMatchObject({ outcome: 'appended' });
  });
});
