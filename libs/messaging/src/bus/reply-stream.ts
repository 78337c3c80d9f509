import { Problem } from '@muster/kernel';
import { createInbox, type Msg, type MsgHdrs, type NatsConnection, NoRespondersError, RequestError } from '@nats-io/transport-node';
import { STREAM_HEADER } from '../wire/wire-headers.js';
import { asRequestProblem, throwIfProblem } from './request-failure.js';

const REPLIES_WAITING_MAX = 4096; // core NATS has no flow control: a reader this far behind is told, instead of filling the memory

const NO_RESPONDERS_STATUS = 503;

export interface ReplyStreamOptions {
  readonly inboxPrefix: string;
  readonly headers: MsgHdrs | undefined;
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
}

type Waiting = Msg | Problem | 'end';

/** What has arrived and was not read yet, and the reader who waits for it. */
class Mailbox {
  readonly #waiting: Waiting[] = [];
  #wake: (() => void) | undefined;
  #full = false;

  put(entry: Waiting): void {
    if (this.#full) return;
    this.#full = this.#waiting.length >= REPLIES_WAITING_MAX;
    this.#waiting.push(this.#full ? new Problem('overloaded', `More than ${REPLIES_WAITING_MAX} replies were waiting to be read.`) : entry);
    this.#wake?.();
  }

  /** The next entry, or undefined when none came in time. */
  async take(timeoutMs: number): Promise<Waiting | undefined> {
    if (this.#waiting.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    }
    return this.#waiting.shift();
  }
}

/**
 * Sends one request and yields its replies until the other side says that it is done.
 * Throws a `Problem`: the handler's, or `unavailable` when the stream stalls, takes too long or loses its connection.
 */
export async function* streamReplies(connection: NatsConnection, subject: string, payload: string, options: ReplyStreamOptions): AsyncGenerator<Msg, void, undefined> {
  const mailbox = new Mailbox();
  const giveUpAtMs = performance.now() + options.totalTimeoutMs;
  const inbox = createInbox(options.inboxPrefix);
  const subscription = connection.subscribe(inbox, {
    callback: (error, reply) => {
      if (error) return mailbox.put(asRequestProblem(subject, error, options.totalTimeoutMs));
      if (reply.data.length === 0 && reply.headers?.code === NO_RESPONDERS_STATUS) {
        return mailbox.put(asRequestProblem(subject, new RequestError('', { cause: new NoRespondersError(subject) }), 0));
      }
      mailbox.put(reply.headers?.get(STREAM_HEADER) === 'end' ? 'end' : reply);
    },
  });
  void subscription.closed.then(() => mailbox.put(new Problem('unavailable', `The message bus went away while ${subject} answered.`)));
  try {
    connection.publish(subject, payload, { reply: inbox, ...(options.headers === undefined ? {} : { headers: options.headers }) });
    for (;;) {
      const remainingMs = giveUpAtMs - performance.now();
      const entry = remainingMs <= 0 ? undefined : await mailbox.take(Math.min(options.idleTimeoutMs, remainingMs));
      if (entry === undefined) throw new Problem('unavailable', `${subject} stopped answering before it was done.`);
      if (entry === 'end') return;
      if (entry instanceof Problem) throw entry;
      throwIfProblem(entry);
      yield entry;
    }
  } finally {
    if (!subscription.isClosed()) subscription.unsubscribe();
  }
}
