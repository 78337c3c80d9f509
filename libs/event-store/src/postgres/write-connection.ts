import { Problem } from '@muster/kernel';
import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import pg from 'pg';
import type { ConnectionOptions } from './connection-settings.js';
import { shortStatements } from './connection-settings.js';
import { translated } from './pg-errors.js';

/** One connection as long as it lasts. Its session holds the turn: a turn is given back on the connection that took it. */
export interface WriteConnection {
  /** Sends without waiting for what was sent before. Rejects with the driver's own error: what it says about effects matters here. */
  readonly query: <Row extends QueryResultRow>(query: QueryConfig) => Promise<QueryResult<Row>>;
  /** Ends it at once, and the session's turn with it. */
  readonly destroy: () => void;
}

export interface WriteLine {
  /** The connection of a ledger's writer, made anew when the last one failed. @throws Problem `unavailable`: nothing was sent */
  readonly connection: () => Promise<WriteConnection>;
  readonly close: () => Promise<void>;
}

/** Without these an acknowledged decision can be lost (DESIGN section 2). */
const assertDurable = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ fsync: string; commit: string }>(`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`);
  const off = rows[0]?.fsync === 'off' ? 'fsync' : rows[0]?.commit === 'off' ? 'synchronous_commit' : undefined;
  if (off !== undefined) throw new Problem('unavailable', `PostgreSQL has ${off} = off for this service: an acknowledged decision could be lost`);
};

const connect = async (options: ConnectionOptions, onGone: () => void): Promise<{ readonly client: pg.Client; readonly connection: WriteConnection }> => {
  // Pipelined: the turn is given back and the next one taken without a round trip between them, and a statement that
  // overstays its time takes the connection down rather than leaving a late answer on it.
  const client = new pg.Client({ ...shortStatements(options), pipeline: true });
  // The failing statement rejects too, and the next one connects again.
  client.on('error', onGone);
  client.on('end', onGone);
  try {
    await client.connect();
    await assertDurable(client);
  } catch (error) {
    void client.end().catch(() => undefined);
    throw translated(error);
  }
  const destroy = (): void => {
    onGone();
    void client.end().catch(() => undefined);
  };
  return { client, connection: { query: (query) => client.query(query), destroy } };
};

/** A connection of its own for one ledger's appends and turns: nobody else's statement stands before them. */
export const openWriteLine = (options: ConnectionOptions): WriteLine => {
  let current: ReturnType<typeof connect> | undefined;
  let closed = false;

  const open = (): ReturnType<typeof connect> => {
    const opening = connect(options, () => {
      if (current === opening) current = undefined;
    });
    opening.catch(() => {
      if (current === opening) current = undefined;
    });
    current = opening;
    return opening;
  };

  return {
    connection: async () => {
      if (closed) throw new Problem('unavailable', 'the event store is closed');
      return (await (current ?? open())).connection;
    },
    close: async () => {
      closed = true;
      const last = await current?.catch(() => undefined);
      await last?.client.end().catch(() => undefined);
    },
  };
};
