import type { RecordedEvent } from '@muster/contracts';
import type { Clock } from '@muster/kernel';
import { Problem, SECOND_MS } from '@muster/kernel';
import type { EventStore } from '../event-store.port.js';
import { quietly } from '../quietly.js';
import { BatchWriter } from './batch-writer.js';
import { CommandQueue } from './command-queue.js';
import type { PendingCommand } from './pending-command.js';
import type { CommandIdentity, DecidedRound, LedgerWriter, TurnedAway, WriteRound, WriterObserver, WriterStatus } from './writer.types.js';

/** Commands of one batch: with two events each, one commit of 512. */
export const BATCH_COMMANDS_MAX = 256;

/** Taken on and not answered yet: about two seconds of work at full speed. Whoever came later would run out of time. */
export const QUEUE_COMMANDS_MAX = 4096;

/** How long a command waits for its batch by default: less than a client waits for its answer. */
const COMMAND_WAIT_MS_MAX = 2 * SECOND_MS;

/** How often the queue is searched for commands that waited too long, for the case that a batch hangs. */
const EXPIRY_SWEEP_MS = 250;

/** What is queued is written within a second or two; orchestrators kill after ten. */
const STOP_MS_MAX = 5 * SECOND_MS;

export interface LedgerWriterOptions<Command, Answer> {
  readonly store: EventStore;
  readonly ledger: string;
  readonly clock: Clock;
  /** `null` for commands without a request id, which the ledger then does not remember. */
  readonly identify: (command: Command) => CommandIdentity | null;
  /** Reads what else it needs as of the round's head, and decides with pure functions. What it throws fails the whole batch. */
  readonly decide: (round: WriteRound<Command>) => Promise<DecidedRound<Answer>>;
  /** After each commit and before its answers: to broadcast. May fail or be lost; nothing waits for it. */
  readonly onAppended?: (events: readonly RecordedEvent[]) => void;
  readonly observer?: Partial<WriterObserver>;
  /** How long the writer reckons with others after it last saw one; alone, it saves turns and look-ups. Default 10 s. */
  readonly othersMemoryMs?: number;
  readonly batchCommandsMax?: number;
  readonly queueCommandsMax?: number;
}

const turnedAwayProblem: Readonly<Record<TurnedAway, () => Problem>> = {
  overloaded: () => new Problem('overloaded', 'Too many requests wait to be recorded.'),
  expired: () => new Problem('unavailable', 'The request was not taken up in time; nothing was recorded for it now.'),
  stopping: () => new Problem('unavailable', 'This part of the host is stopping; nothing was recorded for the request now.'),
};

class CoalescingWriter<Command, Answer> implements LedgerWriter<Command, Answer> {
  readonly #options: LedgerWriterOptions<Command, Answer>;
  readonly #queue = new CommandQueue<Command, Answer>();
  readonly #batches: BatchWriter<Command, Answer>;
  #outstanding = 0;
  #writing = false;
  #stopping = false;
  #drained: () => void = () => undefined;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(options: LedgerWriterOptions<Command, Answer>) {
    this.#options = options;
    this.#batches = new BatchWriter({
      ...options,
      onAppended: options.onAppended ?? (() => undefined),
      observer: options.observer ?? {},
      othersMemoryMs: options.othersMemoryMs,
    });
  }

  get status(): WriterStatus {
    return { queued: this.#queue.size, outstanding: this.#outstanding };
  }

  submit(command: Command, withinMs = COMMAND_WAIT_MS_MAX): Promise<Answer> {
    const { identify, queueCommandsMax = QUEUE_COMMANDS_MAX } = this.#options;
    if (this.#stopping) return Promise.reject(this.#turnedAway('stopping'));
    if (this.#outstanding >= queueCommandsMax) return Promise.reject(this.#turnedAway('overloaded'));
    return new Promise((resolve, reject) => {
      this.#queue.add({
        command,
        identity: identify(command),
        deadlineMs: performance.now() + withinMs,
        resolve: (answer) => {
          resolve(answer);
          this.#settled();
        },
        reject: (error) => {
          reject(error instanceof Error ? error : new Error(String(error)));
          this.#settled();
        },
      });
      this.#outstanding += 1;
      this.#wake();
    });
  }

  async stop(withinMs = STOP_MS_MAX): Promise<void> {
    this.#stopping = true;
    if (this.#outstanding > 0) await this.#drain(withinMs);
    this.#turnAway(this.#queue.takeAll(), 'stopping');
    clearInterval(this.#sweeper);
  }

  #drain(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #settled(): void {
    this.#outstanding -= 1;
    if (this.#outstanding === 0) this.#drained();
  }

  /** No timer: what one turn of the event loop brought is a batch, then whatever arrived while that was written. */
  #wake(): void {
    this.#sweeper ??= setInterval(() => this.#sweep(), EXPIRY_SWEEP_MS);
    if (this.#writing) return;
    this.#writing = true;
    setImmediate(() => void this.#write());
  }

  async #write(): Promise<void> {
    const { batchCommandsMax = BATCH_COMMANDS_MAX } = this.#options;
    for (;;) {
      this.#turnAway(this.#queue.takeExpired(performance.now()), 'expired');
      const batch = this.#queue.take(batchCommandsMax);
      if (batch.length === 0) break;
      this.#queue.putBack(await this.#batches.write(batch));
    }
    this.#writing = false;
  }

  #sweep(): void {
    this.#turnAway(this.#queue.takeExpired(performance.now()), 'expired');
    if (this.#queue.size > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }

  #turnAway(turned: readonly PendingCommand<Command, Answer>[], why: TurnedAway): void {
    for (const pending of turned) pending.reject(this.#turnedAway(why));
  }

  #turnedAway(why: TurnedAway): Problem {
    quietly(() => this.#options.observer?.onTurnedAway?.(why));
    return turnedAwayProblem[why]();
  }
}

/** Makes the writer of one ledger. A process needs one for each ledger; any number of processes may write the same one. */
export const createLedgerWriter = <Command, Answer>(options: LedgerWriterOptions<Command, Answer>): LedgerWriter<Command, Answer> => new CoalescingWriter(options);
