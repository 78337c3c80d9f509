import { setTimeout as delay } from 'node:timers/promises';
import { systemClock, systemDraws } from '@muster/kernel';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Log } from '../log.js';
import { settledWithin } from './bounded.js';
import { isGreeted } from './nats-greeting.js';

const CONNECT_TIMEOUT_MS = 2000; // a frozen server accepts connections and says nothing
const PING_INTERVAL_MS = 5000; // with two pings missed, a frozen server is noticed within 15 s
const PINGS_MISSED_MAX = 2;
const RECONNECT_DELAY_MIN_MS = 50; // a restarted server is back in well under a second
const RECONNECT_DELAY_MAX_MS = 1000; // work must go on within seconds of NATS's return
const CLOSE_TIMEOUT_MS = 1000; // the last flush of a connection that may be frozen

export interface LinkOptions {
  /** One URL, or the members of a cluster separated by commas. */
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Shown in NATS's monitoring. */
  readonly name: string;
  readonly inboxPrefix: string;
  readonly log: Log;
}

/** A connection to NATS that is made again, for ever, whenever there is none. */
export interface NatsLink {
  /** The live connection, or undefined while there is none. */
  connection(): NatsConnection | undefined;
  /** Why there is none, and since when. */
  outage(): { readonly sinceMs: number; readonly reason: string };
  close(): Promise<void>;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const redialDelayMs = (attempt: number): number => {
  const ceilingMs = Math.min(RECONNECT_DELAY_MAX_MS, RECONNECT_DELAY_MIN_MS * 2 ** attempt);
  return ceilingMs * (0.5 + systemDraws.unit() / 2); // all services lose NATS at once; they should not all come back at once
};

/**
 * Connects in the background and keeps at it: services start in any order.
 *
 * The client's own reconnecting is off. It would keep requests and broadcasts made meanwhile and send them later, and leave pending requests to
 * their timeouts; a connection that simply ends fails them at once, and a caller who is told may try again.
 */
export function openLink(options: LinkOptions, onConnected: (connection: NatsConnection) => void): NatsLink {
  const { log } = options;
  const servers = options.url.split(',').map((server) => server.trim());
  const stop = new AbortController();
  let live: NatsConnection | undefined;
  let sinceMs = systemClock.nowMs();
  let reason = 'not connected yet';

  const dial = (): Promise<NatsConnection> =>
    connect({
      servers,
      name: options.name,
      inboxPrefix: options.inboxPrefix,
      ...(options.user === undefined ? {} : { user: options.user }),
      ...(options.password === undefined ? {} : { pass: options.password }),
      reconnect: false,
      timeout: CONNECT_TIMEOUT_MS,
      pingInterval: PING_INTERVAL_MS,
      maxPingOut: PINGS_MISSED_MAX,
      noEcho: true, // a writer knows what it wrote; its own broadcasts coming back would be read for nothing
      noAsyncTraces: true, // a stack for each request is a cost on the hot path, and names only this library
    });

  const liveUntilClosed = async (connection: NatsConnection): Promise<void> => {
    if (stop.signal.aborted) return connection.close();
    live = connection;
    log.info({ server: connection.getServer() }, 'connected to NATS');
    onConnected(connection);
    const error = await connection.closed();
    live = undefined;
    sinceMs = systemClock.nowMs();
    reason = error instanceof Error ? error.message : 'the connection ended';
    if (!stop.signal.aborted) log.warn({ reason }, 'lost the connection to NATS');
  };

  const keepConnected = async (): Promise<void> => {
    for (let attempt = 0; !stop.signal.aborted; attempt += 1) {
      try {
        if (attempt > 0 && !(await isGreeted(servers, CONNECT_TIMEOUT_MS))) throw new Error('no NATS server answers');
        const connection = await dial();
        const sinceConnectedMs = systemClock.nowMs();
        await liveUntilClosed(connection);
        if (systemClock.nowMs() - sinceConnectedMs > RECONNECT_DELAY_MAX_MS) attempt = 0; // a server that hangs up at once is not called faster and faster
      } catch (error) {
        if (messageOf(error) !== reason) log.warn({ reason: messageOf(error) }, 'cannot connect to NATS, trying again');
        reason = messageOf(error);
      }
      await delay(redialDelayMs(attempt), undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };

  const running = keepConnected();
  return {
    connection: () => (live === undefined || live.isClosed() ? undefined : live),
    outage: () => ({ sinceMs, reason }),
    close: async () => {
      stop.abort();
      if (live !== undefined && !live.isClosed()) {
        await settledWithin(live.flush(), CLOSE_TIMEOUT_MS);
        await settledWithin(live.close(), CLOSE_TIMEOUT_MS);
      }
      await settledWithin(running, CONNECT_TIMEOUT_MS + CLOSE_TIMEOUT_MS);
    },
  };
}
