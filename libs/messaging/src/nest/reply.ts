import { Problem } from '@muster/kernel';
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { encodeProblem } from '../wire/problem-codec.js';
import { ERROR_HEADER, STREAM_HEADER } from '../wire/wire-headers.js';

const STREAM_ITEMS_BETWEEN_FLUSHES = 64; // a round trip to NATS now and then keeps a fast producer from filling the send buffer

/** Bytes go as they are, anything else as JSON. Never empty: an empty reply is how NATS says that nobody listens. */
const encode = (result: unknown): string | Uint8Array => (result instanceof Uint8Array ? result : (JSON.stringify(result) ?? 'null'));

const header = (name: string, value: string) => {
  const result = headers();
  result.set(name, value);
  return { headers: result };
};

/** Replies once; does nothing when no reply is wanted. Throws what the client throws when the connection is gone or the reply too large. */
export function respond(message: Msg, result: unknown): void {
  message.respond(encode(result));
}

export function respondProblem(message: Msg, problem: Problem): void {
  message.respond(encodeProblem(problem), header(ERROR_HEADER, problem.kind));
}

/** One reply for each item, then the end; throws what the iterable throws, and `unavailable` when the service stops meanwhile. */
export async function respondStream(message: Msg, connection: NatsConnection, items: AsyncIterable<unknown>, stopping: AbortSignal): Promise<void> {
  let sent = 0;
  for await (const item of items) {
    if (stopping.aborted) throw new Problem('unavailable', 'The service is stopping.');
    if (connection.isClosed()) throw new Problem('unavailable', 'The message bus went away.'); // nobody reads on: the caller was told as well
    message.respond(encode(item), header(STREAM_HEADER, 'item'));
    sent += 1;
    if (sent % STREAM_ITEMS_BETWEEN_FLUSHES === 0) await connection.flush().catch(() => undefined); // a lost connection shows at the next item
  }
  message.respond('', header(STREAM_HEADER, 'end'));
}
