import { headers, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { firstIssue, type Schema } from '../wire/schema.js';
import { TRACEPARENT_HEADER } from '../wire/wire-headers.js';
import { settledWithin } from './bounded.js';
import type { BusStatus, RequestOptions, ServingBus, StreamOptions } from './bus.js';
import { endOfTurn } from './end-of-turn.js';
import { type LinkOptions, openLink } from './nats-link.js';
import { createRegistrations } from './registrations.js';
import { streamReplies } from './reply-stream.js';
import { asRequestProblem, disconnected, readReply, throwIfProblem } from './request-failure.js';

const tracing = (traceparent: string | undefined): MsgHdrs | undefined => {
  if (traceparent === undefined) return undefined;
  const result = headers();
  result.set(TRACEPARENT_HEADER, traceparent);
  return result;
};

/** Returns at once and connects in the background, for ever: a service starts without NATS, and says that it is not ready. */
export function connectBus(options: LinkOptions): ServingBus {
  const { log, inboxPrefix } = options;
  const registrations = createRegistrations(log);
  const connectedListeners = new Set<() => void>();

  const watchErrors = async (connection: NatsConnection): Promise<void> => {
    for await (const status of connection.status()) {
      if (status.type === 'error') log.error({ err: status.error }, 'NATS reports an error');
    }
  };
  const link = openLink(options, (connection) => {
    void watchErrors(connection);
    registrations.resume(connection);
    for (const listener of connectedListeners) listener();
  });

  const ask = async (subject: string, payload: string | Uint8Array, { timeoutMs, traceparent }: { readonly timeoutMs: number; readonly traceparent?: string | undefined }) => {
    await endOfTurn();
    const connection = link.connection();
    if (connection === undefined) throw disconnected(subject);
    const traced = tracing(traceparent);
    try {
      return await connection.request(subject, payload, { timeout: timeoutMs, ...(traced === undefined ? {} : { headers: traced }) });
    } catch (error) {
      throw asRequestProblem(subject, error, timeoutMs);
    }
  };

  const request = async <T>(subject: string, payload: unknown, requestOptions: RequestOptions<T>): Promise<T> =>
    readReply(subject, await ask(subject, JSON.stringify(payload), requestOptions), requestOptions.schema);

  async function* requestStream<T>(subject: string, payload: unknown, streamOptions: StreamOptions<T>): AsyncGenerator<T, void, undefined> {
    const connection = link.connection();
    if (connection === undefined) throw disconnected(subject);
    const { schema, traceparent, ...timeouts } = streamOptions;
    const replies = streamReplies(connection, subject, JSON.stringify(payload), { inboxPrefix, headers: tracing(traceparent), ...timeouts });
    for await (const reply of replies) yield readReply(subject, reply, schema);
  }

  const publish = (subject: string, payload: unknown): boolean => {
    const connection = link.connection();
    if (connection === undefined) return false;
    try {
      connection.publish(subject, JSON.stringify(payload));
      return true;
    } catch (error) {
      log.warn({ subject, err: error }, 'could not broadcast');
      return false;
    }
  };

  const read = <T>(subject: string, text: string, schema: Schema<T>): { readonly message: T } | undefined => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      log.warn({ subject }, 'dropped a broadcast that is not JSON');
      return undefined;
    }
    const result = schema.safeParse(value);
    if (result.success) return { message: result.data };
    log.warn({ subject, issue: firstIssue(result.error.issues) }, 'dropped a broadcast that is not what was agreed');
    return undefined;
  };

  const status = (): BusStatus => {
    if (link.connection() === undefined) return { state: 'disconnected', ...link.outage() };
    const refused = registrations.refused();
    return refused.length === 0 ? { state: 'connected' } : { state: 'refused', subjects: refused };
  };

  return {
    request,
    requestRaw: async (subject, bytes, rawOptions) => {
      const reply = await ask(subject, bytes, rawOptions);
      throwIfProblem(reply);
      return reply.data;
    },
    requestStream,
    publish,
    subscribe: (subject, { schema, onMessage }) =>
      registrations.add({
        subject,
        queue: undefined,
        onMessage: (raw) => {
          const received = read(subject, raw.string(), schema);
          if (received === undefined) return;
          try {
            onMessage(received.message);
          } catch (error) {
            log.error({ subject, err: error }, 'a receiver of a broadcast failed'); // the connection serves others too
          }
        },
      }),
    serve: (subject, queue, onMessage) => registrations.add({ subject, queue, onMessage }),
    status,
    onConnected: (listener) => {
      connectedListeners.add(listener);
      return () => void connectedListeners.delete(listener);
    },
    flush: async (timeoutMs) => {
      const connection = link.connection();
      if (connection !== undefined) await settledWithin(connection.flush(), timeoutMs);
    },
    close: async () => {
      await registrations.closeAll();
      await link.close();
    },
  };
}
