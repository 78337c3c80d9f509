import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { Schema } from '../wire/schema.js';

interface Traced {
  /** W3C `traceparent` of the work that this request belongs to. */
  readonly traceparent?: string | undefined;
}

export interface RequestOptions<T> extends Traced {
  /** Reads the answer. */
  readonly schema: Schema<T>;
  readonly timeoutMs: number;
}

export interface RawRequestOptions extends Traced {
  readonly timeoutMs: number;
}

export interface StreamOptions<T> extends Traced {
  /** Reads each reply. */
  readonly schema: Schema<T>;
  /** The longest wait for the next reply. */
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
}

export interface SubscribeOptions<T> {
  readonly schema: Schema<T>;
  /** Called for each message in the order of arrival, and not awaited: a slow receiver keeps its own bounded queue. */
  readonly onMessage: (message: T) => void;
}

export interface BusSubscription {
  /** Stops new messages; what has arrived already is still handed over. */
  close(): Promise<void>;
}

/** `refused`: connected, but NATS does not let this user listen to these subjects. */
export type BusStatus =
  | { readonly state: 'connected' }
  | { readonly state: 'disconnected'; readonly sinceMs: number; readonly reason: string }
  | { readonly state: 'refused'; readonly subjects: readonly string[] };

/**
 * Requests and broadcasts over NATS, as plain JSON.
 *
 * A failed request throws a `Problem`: `unavailable` at once when nobody answers the subject or NATS is away, and after the timeout when no
 * answer came; `internal` when the answer is not of its schema; otherwise the problem that the handler threw. Nothing is ever kept for later.
 */
export interface Bus {
  request<T>(subject: string, payload: unknown, options: RequestOptions<T>): Promise<T>;
  /** Bytes in, bytes out, for subjects that do not carry JSON. */
  requestRaw(subject: string, bytes: Uint8Array, options: RawRequestOptions): Promise<Uint8Array>;
  /** Several replies to one request. Ending the iteration early stops listening, not the other side. */
  requestStream<T>(subject: string, payload: unknown, options: StreamOptions<T>): AsyncIterable<T>;
  /** Broadcasts, without knowing whether anybody hears it; false when it was dropped because NATS is away. */
  publish(subject: string, payload: unknown): boolean;
  /** Listens to a broadcast, across reconnects; messages that do not fit the schema are logged and dropped. */
  subscribe<T>(subject: string, options: SubscribeOptions<T>): BusSubscription;
  status(): BusStatus;
  /** Calls back at each connection, the first one included: what was broadcast before it is lost. Returns how to stop that. */
  onConnected(listener: () => void): () => void;
  /** Hands over what has arrived, sends what was published, and ends the connection for good. */
  close(): Promise<void>;
}

/** A bus that can also answer: for the transport server, which shares its connection. */
export interface ServingBus extends Bus {
  serve(subject: string, queue: string, onMessage: (message: Msg, connection: NatsConnection) => void): BusSubscription;
  /** Waits until NATS has what was sent so far, at most `timeoutMs`; does nothing while disconnected. */
  flush(timeoutMs: number): Promise<void>;
}
