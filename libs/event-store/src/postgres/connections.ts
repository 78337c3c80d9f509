import type { PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import pg from 'pg';
import type { ConnectionOptions } from './connection-settings.js';
import { bulkStatements, CONNECT_TIMEOUT_MS, shortStatements } from './connection-settings.js';
import { isCutOff, translated } from './pg-errors.js';

/** Rebuilds and snapshots at once; more of them only share the same disk. */
const BULK_CONNECTIONS_MAX = 2;
const BULK_IDLE_MS = 10_000;

/** Connections for everything but appends and turns. Every rejection is already translated. */
export interface Connections {
  /** For reads alone: one that met a connection just as it ended (a server's restart) is sent once more on another. */
  readonly query: <Row extends QueryResultRow>(query: QueryConfig) => Promise<QueryResult<Row>>;
  /** Lends a connection without short timeouts. One that failed is not used again. */
  readonly withBulkClient: <T>(work: (client: PoolClient) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

export const openConnections = (options: ConnectionOptions & { readonly poolSize: number }): Connections => {
  const short = new pg.Pool({ ...shortStatements(options), max: options.poolSize, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  const bulk = new pg.Pool({ ...bulkStatements(options), max: BULK_CONNECTIONS_MAX, idleTimeoutMillis: BULK_IDLE_MS, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // An idle connection that breaks is replaced when it is needed; without a listener it would end the process.
  for (const pool of [short, bulk]) pool.on('error', () => undefined);

  const query = async <Row extends QueryResultRow>(config: QueryConfig): Promise<QueryResult<Row>> => {
    try {
      return await short.query<Row>(config).catch((error: unknown) => {
        if (!isCutOff(error)) throw error;
        return short.query<Row>(config);
      });
    } catch (error) {
      throw translated(error);
    }
  };

  const withBulkClient = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    let client: PoolClient | undefined;
    let failed = true;
    try {
      client = await bulk.connect();
      const result = await work(client);
      failed = false;
      return result;
    } catch (error) {
      throw translated(error);
    } finally {
      client?.release(failed);
    }
  };

  return { query, withBulkClient, close: async () => void (await Promise.all([short.end(), bulk.end()])) };
};
