import { Problem, type ProblemKind, SECOND_MS } from '@muster/kernel';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { settledWithin } from '../bus/bounded.js';
import type { BusSubscription, ServingBus } from '../bus/bus.js';
import { endOfTurn } from '../bus/end-of-turn.js';
import type { Log } from '../log.js';
import { toProblem } from '../wire/problem-codec.js';
import { INBOX_ROOT } from '../wire/wire-headers.js';
import { BusContext } from './bus-context.js';
import { respond, respondProblem, respondStream } from './reply.js';

const HANDLERS_IN_FLIGHT_MAX = 1024; // two full batches of the activation writer; more only waits, and a caller who is told can go elsewhere
const HANDLERS_STOP_TIMEOUT_MS = 6000; // Docker sends SIGKILL 10 s after SIGTERM, and the rest of the way out needs its time too
const FLUSH_TIMEOUT_MS = 1000;

/** Extras of `@MessagePattern`: the payload is handed over as the bytes that came, not as JSON. */
export const RAW = { raw: true } as const;

/** One handled message, for metrics. */
export interface Handled {
  readonly subject: string;
  readonly outcome: 'ok' | ProblemKind;
  readonly seconds: number;
}

export interface MusterNatsServerOptions {
  readonly bus: ServingBus;
  /** The queue group whose members share the work: the service's name. */
  readonly queue: string;
  readonly log: Log;
  readonly handlersInFlightMax?: number;
  readonly onHandled?: (handled: Handled) => void;
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> => typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

function readPayload(message: Msg, raw: boolean): unknown {
  if (raw) return message.data;
  try {
    return message.data.length === 0 ? {} : message.json();
  } catch (error) {
    throw new Problem('malformed-request', 'The request is not JSON.', { cause: error });
  }
}

/**
 * Nest's transport for plain JSON requests over NATS.
 *
 * Serves each `@MessagePattern(subject)` on the bus's connection, in one queue group. What a handler returns is the reply, an async iterable is
 * a stream of them; a `Problem` that it throws reaches the caller as it is, and any other error as `internal` without detail.
 */
export class MusterNatsServer extends Server implements CustomTransportStrategy {
  readonly #options: MusterNatsServerOptions;
  readonly #subscriptions: BusSubscription[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(options: MusterNatsServerOptions) {
    super();
    this.#options = options;
  }

  listen(callback: (error?: unknown) => void): void {
    const { bus, queue } = this.#options;
    for (const [subject, handler] of this.messageHandlers) {
      if (handler.isEventHandler === true) return callback(new Error(`${subject}: listen to broadcasts with Bus.subscribe, not with @EventPattern`));
      this.#subscriptions.push(bus.serve(subject, queue, (message, connection) => this.#receive(subject, handler, message, connection)));
    }
    callback();
  }

  /** Takes no new work, waits for the handlers in flight (bounded) and for their replies; the connection is the bus's to close. */
  close(): Promise<void> {
    this.#closed ??= this.#drain();
    return this.#closed;
  }

  on(): never {
    throw new Error('MusterNatsServer emits no events; use Bus.status and Bus.onConnected');
  }

  unwrap<T>(): T {
    return this.#options.bus as T;
  }

  async #drain(): Promise<void> {
    const { bus, log } = this.#options;
    await Promise.all(this.#subscriptions.map((subscription) => subscription.close()));
    this.#stopping.abort(); // endless streams end here; what is only slow gets its time
    const finished = await settledWithin(Promise.all(this.#inFlight), HANDLERS_STOP_TIMEOUT_MS);
    if (!finished) log.error({ abandoned: this.#inFlight.size }, 'stopping without waiting for slow handlers any longer');
    await bus.flush(FLUSH_TIMEOUT_MS);
  }

  #receive(subject: string, handler: MessageHandler, message: Msg, connection: NatsConnection): void {
    const { log, handlersInFlightMax = HANDLERS_IN_FLIGHT_MAX } = this.#options;
    if (message.reply !== undefined && message.reply !== '' && !message.reply.startsWith(INBOX_ROOT)) {
      log.warn({ subject, reply: message.reply }, 'dropped a request that wants its answer outside the inboxes');
      return;
    }
    if (this.#inFlight.size >= handlersInFlightMax) {
      this.#reply(subject, () => respondProblem(message, new Problem('overloaded', `${subject} has ${handlersInFlightMax} requests in hand already.`)));
      this.#options.onHandled?.({ subject, outcome: 'overloaded', seconds: 0 });
      return;
    }
    const work = this.#handle(subject, handler, message, connection).finally(() => this.#inFlight.delete(work));
    this.#inFlight.add(work);
  }

  async #handle(subject: string, handler: MessageHandler, message: Msg, connection: NatsConnection): Promise<void> {
    const startedAtMs = performance.now();
    let outcome: Handled['outcome'] = 'ok';
    const context = new BusContext(message);
    try {
      const returned: unknown = await handler(readPayload(message, handler.extras?.raw === true), context);
      const result: unknown = isObservable(returned) ? await lastValueFrom(returned) : returned;
      if (isAsyncIterable(result)) await respondStream(message, connection, result, this.#stopping.signal);
      else {
        await endOfTurn();
        this.#reply(subject, () => respond(message, result));
      }
    } catch (error) {
      const problem = toProblem(error);
      outcome = problem.kind;
      if (problem.kind === 'internal') this.#options.log.error({ subject, traceparent: context.traceparent, err: error }, 'a handler failed');
      this.#reply(subject, () => respondProblem(message, problem));
    }
    this.#options.onHandled?.({ subject, outcome, seconds: (performance.now() - startedAtMs) / SECOND_MS });
  }

  /** A reply that cannot be sent has no reader: its caller was told when the connection ended, and may ask again. */
  #reply(subject: string, send: () => void): void {
    try {
      send();
    } catch (error) {
      this.#options.log.warn({ subject, err: error }, 'could not send a reply');
    }
  }
}
