import type { Clock } from '@muster/kernel';
import { Problem } from '@muster/kernel';
import type { EventStore } from '../event-store.port.js';
import { REQUEST_ID_DAYS } from '../migrations/partitions.js';
import { appendBatch } from './append-batch.js';
import { openConnections } from './connections.js';
import { findRequests } from './find-requests.js';
import type { HeadRow } from './ledger-look.js';
import { headNow, headOf, headQuery } from './ledger-look.js';
import { erasePersonalData, readPersonalData } from './personal-data.js';
import { positionAt } from './position-at.js';
import { readEvents, readEventsAt } from './read-events.js';
import { replay } from './replay.js';
import { loadSnapshot, saveSnapshot } from './snapshots.js';
import { storeHealth } from './store-health.js';
import { takeTurn } from './turns.js';
import type { WriteLine } from './write-connection.js';
import { openWriteLine } from './write-connection.js';

export interface PostgresEventStoreOptions {
  readonly url: string;
  /** This process's clock: what `health` compares with the server's. */
  readonly clock: Clock;
  /** Connections for reads, beside one for each ledger written to. Default: 4. */
  readonly poolSize?: number;
  /** Shown by the server in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** Development only: replaces the server's clock in the clock rule, so that a controlled clock can run ahead of it. */
  readonly storeClock?: Clock;
}

/** Look-ups of writers and readers of one process; each takes well under a millisecond. */
const POOL_SIZE = 4;

/**
 * The event store on PostgreSQL 15 or newer, prepared by `migrate`. Connects when first used, and again whenever it must.
 *
 * Not through a pooler in transaction mode: turns are session locks and statements are prepared by name.
 */
export const createPostgresEventStore = ({ url, clock, poolSize = POOL_SIZE, applicationName = 'muster', storeClock }: PostgresEventStoreOptions): EventStore => {
  const connections = openConnections({ url, applicationName, poolSize });
  const lines = new Map<string, WriteLine>();

  let closed = false;

  const lineOf = (ledger: string): WriteLine => {
    if (closed) throw new Problem('unavailable', 'the event store is closed');
    const line = lines.get(ledger) ?? openWriteLine({ url, applicationName: `${applicationName}-writer` });
    lines.set(ledger, line);
    return line;
  };

  return {
    head: async (ledger) => headOf(ledger, (await connections.query<HeadRow>(headQuery(ledger))).rows[0]),
    headNow: async (ledger) => {
      const { head, storeNowMs } = await headNow((config) => connections.query(config), ledger);
      return { head, storeNowMs: storeClock?.nowMs() ?? storeNowMs };
    },
    append: async (batch) => appendBatch(lineOf(batch.ledger), batch, storeClock),
    read: (query) => readEvents(connections, query),
    readAt: (ledger, positions) => readEventsAt(connections, ledger, positions),
    findRequests: (ledger, keys) => findRequests(connections, ledger, keys),
    positionAt: (ledger, instantMs) => positionAt(connections, ledger, instantMs),
    replay: (query, onRow) => replay(connections, query, onRow),
    loadSnapshot: (key, upTo = Number.MAX_SAFE_INTEGER) => loadSnapshot(connections, key, upTo),
    saveSnapshot: (key, snapshot) => saveSnapshot(connections, key, snapshot),
    readPersonalData: (ledger, machine) => readPersonalData(connections, ledger, machine),
    erasePersonalData: (ledger, machine) => erasePersonalData(connections, ledger, machine),
    takeTurn: async (ledger, waitMsMax) => takeTurn(lineOf(ledger), ledger, waitMsMax),
    health: (ledger) => storeHealth(connections, { ledger, clock, storeClock, requestIdDays: REQUEST_ID_DAYS }),
    close: async () => {
      if (closed) return;
      closed = true;
      await Promise.all([connections.close(), ...[...lines.values()].map((line) => line.close())]);
    },
  };
};
