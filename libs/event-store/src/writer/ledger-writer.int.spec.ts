import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FreshDatabase, TestServers } from '@muster/devstack';
import { freshDatabase, testServers } from '@muster/devstack';
import { systemClock } from '@muster/kernel';
import { eventually } from '@muster/testing';
import pg from 'pg';
import type { EventStore, ReplayQuery } from '../event-store.port.js';
import { toLedgerAppended } from '../follower/broadcast.js';
import type { Fleet } from '../follower/fleet.fixture.js';
import { anyEvent, append, fleetFold, fleetText, intercepted, LEDGER } from '../follower/fleet.fixture.js';
import { createFollower } from '../follower/follower.js';
import type { Follower } from '../follower/follower.types.js';
import { stateAsOf } from '../follower/state-as-of.js';
import { migrate } from '../migrations/migrate.js';
import { createPostgresEventStore } from '../postgres/postgres.event-store.js';
import { createLedgerWriter } from './ledger-writer.js';
import type { Ask, AskAnswer } from './toy-activation.fixture.js';
import { decideAsks, fleetFromFollower, identify } from './toy-activation.fixture.js';
import type { LedgerWriter } from './writer.types.js';

interface Replica {
  readonly store: EventStore;
  readonly follower: Follower<Fleet>;
  readonly writer: LedgerWriter<Ask, AskAnswer>;
  moved: number;
}

let servers: TestServers;
let database: FreshDatabase;
const replicas: Replica[] = [];
const stores: EventStore[] = [];

const newStore = (): EventStore => {
  const store = createPostgresEventStore({ url: database.url, clock: systemClock });
  stores.push(store);
  return store;
};

/** A writer with connections and a follower of its own; all replicas hear of every commit, as over a bus. */
const newReplica = async (takeTurn?: EventStore['takeTurn']): Promise<Replica> => {
  const store = takeTurn === undefined ? newStore() : intercepted(newStore(), { takeTurn });
  const follower = createFollower({ store, ledger: LEDGER, fold: fleetFold });
  const writer = createLedgerWriter({
    store,
    ledger: LEDGER,
    clock: systemClock,
    identify,
    decide: decideAsks(store, fleetFromFollower(follower)),
    onAppended: (events) => {
      const message = toLedgerAppended(events);
      for (const other of replicas) other.follower.onAppended(message);
    },
    observer: {
      onMoved: () => {
        replica.moved += 1;
      },
    },
  });
  const replica: Replica = { store, follower, writer, moved: 0 };
  replicas.push(replica);
  await follower.start();
  return replica;
};

/** A number of callers, each of whom sends its next request when the last one is answered. */
const load = async ({ writer }: Replica, callers: number, requestsEach: number, firstMachine: number): Promise<readonly AskAnswer[]> => {
  const caller = async (index: number): Promise<readonly AskAnswer[]> => {
    const answers: AskAnswer[] = [];
    for (let request = 0; request < requestsEach; request += 1) answers.push(await writer.submit({ machine: firstMachine + index, request }, 30_000));
    return answers;
  };
  return (await Promise.all(Array.from({ length: callers }, (_, index) => caller(index)))).flat();
};

beforeAll(async () => {
  servers = await testServers();
});

afterAll(() => servers.stop());

beforeEach(async () => {
  database = await freshDatabase(servers.databaseUrl);
  await migrate({ url: database.url, ledgers: [LEDGER] });
});

afterEach(async () => {
  for (const { writer, follower } of replicas.splice(0)) {
    await writer.stop();
    await follower.stop();
  }
  await Promise.all(stores.splice(0).map((store) => store.close()));
  await database.drop();
});

/** What two writers under load must leave behind, whoever won. */
const expectOneLedger = async (store: EventStore, answers: readonly AskAnswer[]): Promise<void> => {
  const head = await store.head(LEDGER);
  expect(head.position).toBe(answers.length * 2);
  expect(new Set(answers.map(({ position }) => position)).size).toBe(answers.length);
  const state = await stateAsOf({ store, ledger: LEDGER, fold: fleetFold, position: head.position, fromZero: true });
  for (const { follower } of replicas) {
    expect(await follower.catchUpTo(head.position, 5_000)).toBe(true);
    expect(fleetText(follower.state)).toBe(fleetText(state));
  }
};

describe('two writers on one ledger in PostgreSQL', () => {
  it('lose nothing and, taking turns, no work either', async () => {
    const [a, b] = [await newReplica(), await newReplica()];
    const answers = (await Promise.all([load(a, 16, 20, 0), load(b, 16, 20, 100)])).flat();
    await expectOneLedger(a.store, answers);
    expect([a.moved, b.moved]).toEqual([0, 0]);
  });

  it('lose nothing without turns, only work', async () => {
    const noTurns = async (): Promise<() => Promise<void>> => () => Promise.resolve();
    const [a, b] = [await newReplica(noTurns), await newReplica(noTurns)];
    const answers = (await Promise.all([load(a, 16, 20, 0), load(b, 16, 20, 100)])).flat();
    await expectOneLedger(a.store, answers);
    expect(a.moved + b.moved).toBeGreaterThan(0);
  });
});

describe('a holder of the turn', () => {
  /** The turn's lock as the server shows it while a store holds it. */
  const turnLock = async (): Promise<string> => {
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    const giveBack = await newStore().takeTurn(LEDGER, 250);
    const { rows } = await admin.query<{ key: string }>(
      `select (classid::bigint << 32 | objid::bigint)::text as key from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`,
    );
    await giveBack();
    await admin.end();
    expect(rows).toHaveLength(1);
    return rows[0]!.key;
  };

  const HOLDER = `
    import pg from 'pg';
    const client = new pg.Client({ connectionString: process.argv[1] });
    await client.connect();
    await client.query('select pg_advisory_lock($1)', [process.argv[2]]);
    console.log('held');
    setInterval(() => undefined, 1000);`;

  it('that is frozen, and then vanishes, stalls nobody', async () => {
    const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, database.url, await turnLock()], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(holder.stdout, 'data');
      holder.kill('SIGSTOP');
      const replica = await newReplica();
      const startedMs = performance.now();
      const answers = await load(replica, 1, 20, 0);
      const tookMs = performance.now() - startedMs;
      await expectOneLedger(replica.store, answers);
      // One turn was waited for; had each of the 20 batches waited, it would have taken 5 s.
      expect(tookMs).toBeGreaterThan(200);
      expect(tookMs).toBeLessThan(2_000);
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    }
    await eventually(async () => {
      const startedMs = performance.now();
      const giveBack = await newStore().takeTurn(LEDGER, 250);
      const tookMs = performance.now() - startedMs;
      await giveBack();
      expect(tookMs).toBeLessThan(200);
    });
  });
});

describe('a follower on PostgreSQL', () => {
  it('has the state of the ledger, and reads only the tail after a restart', async () => {
    const store = newStore();
    for (let batch = 0; batch < 3; batch += 1) await append(store, Array.from({ length: 100 }, (_, index) => anyEvent(batch * 31 + index)), systemClock.nowMs());
    const first = createFollower({ store, ledger: LEDGER, fold: fleetFold });
    await first.start();
    await first.stop();
    await append(store, Array.from({ length: 50 }, (_, index) => anyEvent(index)), systemClock.nowMs());

    const read: ReplayQuery[] = [];
    const watched = intercepted(store, {
      replay: (query, onRow) => {
        read.push(query);
        return store.replay(query, onRow);
      },
    });
    const second = createFollower({ store: watched, ledger: LEDGER, fold: fleetFold });
    await second.start();
    expect(read).toEqual([{ ledger: LEDGER, after: 300, upTo: 350 }]);
    const rebuilt = await stateAsOf({ store, ledger: LEDGER, fold: fleetFold, position: 350, fromZero: true });
    expect(fleetText(second.state)).toBe(fleetText(rebuilt));
    await second.stop();
  });
});
