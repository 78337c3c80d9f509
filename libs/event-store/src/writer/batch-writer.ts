import type { RecordedEvent } from '@muster/contracts';
import type { Clock } from '@muster/kernel';
import { Problem, SECOND_MS } from '@muster/kernel';
import type { EventStore, Head, KnownRequest, RequestKey } from '../event-store.port.js';
import { quietly } from '../quietly.js';
import type { PendingCommand } from './pending-command.js';
import type { AppendPlan, DecidedCommand } from './plan-append.js';
import { planAppend } from './plan-append.js';
import { Turns } from './turns.js';
import type { CommandIdentity, DecidedRound, Decision, LookedUp, WriteRound, WriterObserver } from './writer.types.js';

/**
 * How long a batch is tried again on a ledger that moves on: as long as clients wait. Where turns fail (a frozen holder), four rounds in five
 * may be lost to another writer, so a handful of rounds would not do.
 */
const ROUNDS_MS_MAX = 2 * SECOND_MS;

/** Bounds what a decider that always says "moved" can burn; a round takes milliseconds, so time is the bound otherwise. */
const ROUNDS_MAX = 256;

export interface BatchWriterOptions<Command, Answer> {
  readonly store: EventStore;
  readonly ledger: string;
  readonly clock: Clock;
  readonly decide: (round: WriteRound<Command>) => Promise<DecidedRound<Answer>>;
  readonly onAppended: (events: readonly RecordedEvent[]) => void;
  readonly observer: Partial<WriterObserver>;
  readonly othersMemoryMs: number | undefined;
}

/** What the ledger held for a batch's request ids, as of a head. */
interface Looked {
  readonly head: Head;
  readonly known: readonly KnownRequest[];
}

/** A round's decisions, and what they were made at. */
interface DecidedAt<Answer> {
  readonly head: Head;
  readonly nowMs: number;
  readonly clockMs: number;
  readonly decisions: readonly Decision<Answer>[];
}

interface Done<Command, Answer> {
  readonly plan: AppendPlan<Command, Answer>;
  readonly appendSeconds: number;
}

const secondsSince = (startedMs: number): number => (performance.now() - startedMs) / SECOND_MS;

const answerWith = async <Answer>(pending: PendingCommand<never, Answer>, make: () => Answer | Promise<Answer>): Promise<void> => {
  try {
    pending.resolve(await make());
  } catch (error) {
    pending.reject(error);
  }
};

const settle = <Command, Answer>({ pending, decision, offset }: DecidedCommand<Command, Answer>, recorded: readonly RecordedEvent[]): void => {
  const caller = pending as PendingCommand<never, Answer>;
  switch (decision.kind) {
    case 'refuse':
      caller.reject(decision.problem);
      return;
    case 'answer':
      void answerWith(caller, decision.answer);
      return;
    case 'record':
      void answerWith(caller, () => decision.answer(recorded.slice(offset, offset + decision.events.length)));
      return;
    default:
      decision satisfies never;
  }
};

/** The one rule (DESIGN section 2) for one batch at a time: read as of a head, decide, append if the head is still that one, else read everything again. */
export class BatchWriter<Command, Answer> {
  readonly #options: BatchWriterOptions<Command, Answer>;
  readonly #turns: Turns;

  constructor(options: BatchWriterOptions<Command, Answer>) {
    this.#options = options;
    this.#turns = new Turns(options.store, options.ledger, options.othersMemoryMs);
  }

  /** Writes a batch and sees to its answers. Returns the commands that had no room in the commit. Never throws: a failure is its commands' answer. */
  async write(batch: readonly PendingCommand<Command, Answer>[]): Promise<readonly PendingCommand<Command, Answer>[]> {
    const { observer } = this.#options;
    const startedMs = performance.now();
    let giveBack = await this.#turns.take();
    const turnSeconds = secondsSince(startedMs);
    try {
      for (let round = 1; round <= ROUNDS_MAX && performance.now() - startedMs < ROUNDS_MS_MAX; round += 1) {
        const done = await this.#round(batch);
        if (done === 'moved') {
          quietly(() => observer.onMoved?.(round));
          this.#turns.lost();
          giveBack ??= await this.#turns.take();
          continue;
        }
        const { plan, appendSeconds } = done;
        const figures = { commands: plan.decided.length, events: plan.events.length, rounds: round, turnSeconds, appendSeconds, seconds: secondsSince(startedMs) };
        quietly(() => observer.onBatch?.(figures));
        return plan.left;
      }
      throw new Problem('unavailable', 'The ledger moved on again and again while this was decided.');
    } catch (error) {
      quietly(() => observer.onFailure?.(error));
      for (const pending of batch) pending.reject(error);
      return [];
    } finally {
      giveBack?.();
    }
  }

  async #round(batch: readonly PendingCommand<Command, Answer>[]): Promise<Done<Command, Answer> | 'moved'> {
    const head = this.#turns.likelyHead;
    const done = head === undefined ? undefined : await this.#assume(batch, head);
    return done ?? this.#lookUp(batch);
  }

  /**
   * A round without a look-up, for a writer that is alone: it takes it that the head is where it left it and that the request ids are new. The append
   * itself refuses when either is not so, hence only what is recorded may rest on it.
   *
   * `undefined` when only a look-up can tell: for a repeat, for a command that leaves no trace, and when deciding failed (a repeat needs no tally).
   */
  async #assume(batch: readonly PendingCommand<Command, Answer>[], head: Head): Promise<Done<Command, Answer> | 'moved' | undefined> {
    const decided = await this.#decide(batch, { head, known: [] }).catch(() => undefined);
    if (decided === undefined || decided === 'moved') return decided;
    if (decided.decisions.some(({ kind }) => kind !== 'record')) return undefined;
    const done = await this.#append(batch, decided);
    return done === 'known' ? undefined : done;
  }

  async #lookUp(batch: readonly PendingCommand<Command, Answer>[]): Promise<Done<Command, Answer> | 'moved'> {
    const { store, ledger } = this.#options;
    const keys = batch.flatMap(({ identity }): RequestKey[] => (identity === null ? [] : [{ machine: identity.machine, requestId: identity.requestId }]));
    const looked = await store.findRequests(ledger, keys);
    this.#turns.found(looked.head.position);
    const decided = await this.#decide(batch, looked);
    if (decided === 'moved') return 'moved';
    const done = await this.#append(batch, decided);
    // Not known at the look-up and known now: it was recorded between the two, so the head has moved with it.
    return done === 'known' ? 'moved' : done;
  }

  async #decide(batch: readonly PendingCommand<Command, Answer>[], { head, known }: Looked): Promise<DecidedAt<Answer> | 'moved'> {
    const { ledger, clock, decide } = this.#options;
    const clockMs = clock.nowMs();
    const nowMs = Math.max(head.recordedAtMs, clockMs);
    const knownByKey = new Map(known.map((request) => [keyOf(request), request]));
    const commands = batch.map(({ command, identity }): LookedUp<Command> => ({ command, known: (identity && knownByKey.get(keyOf(identity))) ?? null }));
    const decided = await decide({ ledger, head, nowMs, clockMs, commands });
    return decided.status === 'moved' ? 'moved' : { head, nowMs, clockMs, decisions: decided.decisions };
  }

  async #append(batch: readonly PendingCommand<Command, Answer>[], { head, nowMs, clockMs, decisions }: DecidedAt<Answer>): Promise<Done<Command, Answer> | 'moved' | 'known'> {
    const { store, ledger } = this.#options;
    const plan = planAppend(batch, decisions);
    if (plan.events.length === 0) {
      this.#answer(plan, []);
      return { plan, appendSeconds: 0 };
    }
    const { events, requests, personal } = plan;
    const startedMs = performance.now();
    const result = await store.append({ ledger, expectedHead: head, recordedAtMs: nowMs, nowMs: clockMs, events, requests, personal });
    if (result.outcome !== 'appended') return result.outcome;
    const appendSeconds = secondsSince(startedMs);
    this.#turns.left(result.head);
    quietly(() => this.#options.onAppended(result.events));
    this.#answer(plan, result.events);
    return { plan, appendSeconds };
  }

  #answer(plan: AppendPlan<Command, Answer>, recorded: readonly RecordedEvent[]): void {
    // Making answers may mean signing hundreds of leases: the next batch's look-up goes out to the store before that.
    setImmediate(() => {
      for (const decided of plan.decided) settle(decided, recorded);
    });
  }
}

const keyOf = ({ machine, requestId }: RequestKey | CommandIdentity): string => `${machine}\n${requestId}`;
