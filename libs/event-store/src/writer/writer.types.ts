import type { RecordedEvent } from '@muster/contracts';
import type { Head, KnownRequest, NewEvent, PersonalData } from '../event-store.port.js';

/** What tells one request of a machine from another, and a repeat from a reuse. */
export interface CommandIdentity {
  readonly machine: string;
  readonly requestId: string;
  readonly contentDigest: string;
}

/** A command and what the ledger already holds under its request id, as of the round's head. */
export interface LookedUp<Command> {
  readonly command: Command;
  readonly known: KnownRequest | null;
}

/** Everything in a round is read as of `head`: whatever else `decide` reads must be as of exactly that head too. */
export interface WriteRound<Command> {
  readonly ledger: string;
  readonly head: Head;
  /** max(head's `recordedAt`, now): the `recordedAt` of whatever this round appends. */
  readonly nowMs: number;
  /** This process's own clock, which the head may be ahead of: for what compares clocks, such as freshness. Never recorded. */
  readonly clockMs: number;
  readonly commands: readonly LookedUp<Command>[];
}

type Later<Answer> = Answer | Promise<Answer>;

/** What becomes of one command. */
export type Decision<Answer> =
  /** Nothing to record: an earlier outcome again, for instance. */
  | { readonly kind: 'answer'; readonly answer: () => Later<Answer> }
  /** Refused without a trace: the caller gets the problem. */
  | { readonly kind: 'refuse'; readonly problem: Error }
  /** Recorded first; `answer` then gets this command's events as they stand in the ledger (record, then sign, then answer). */
  | {
      readonly kind: 'record';
      readonly events: readonly NewEvent[];
      /** Index in `events` of the one that tells the outcome: what a repeat of the request is answered from. */
      readonly outcomeIndex: number;
      /** False for an outcome that is not final: it stays on record, and the same request is decided anew. */
      readonly remembered?: false;
      readonly personal?: PersonalData;
      readonly answer: (recorded: readonly RecordedEvent[]) => Later<Answer>;
    };

export type DecidedRound<Answer> =
  /** Something could not be read as of the round's head, because the ledger has moved on: the round is read anew. */
  | { readonly status: 'moved' }
  /** One decision a command, in order; each may rest on those before it in the round, never on one after it. */
  | { readonly status: 'decided'; readonly decisions: readonly Decision<Answer>[] };

/** Figures of one batch, for metrics. */
export interface BatchFigures {
  readonly commands: number;
  readonly events: number;
  /** 1 when the head stayed where it was. */
  readonly rounds: number;
  readonly turnSeconds: number;
  /** Of the append that went through; 0 when there was nothing to append. */
  readonly appendSeconds: number;
  readonly seconds: number;
}

export type TurnedAway = 'overloaded' | 'expired' | 'stopping';

/** What a writer tells as it goes: for logs and metrics. */
export interface WriterObserver {
  readonly onBatch: (figures: BatchFigures) => void;
  /** Somebody else appended between look-up and append. */
  readonly onMoved: (round: number) => void;
  /** A batch failed as a whole; its commands were told. */
  readonly onFailure: (error: unknown) => void;
  readonly onTurnedAway: (why: TurnedAway) => void;
}

export interface WriterStatus {
  /** Waiting for a batch. */
  readonly queued: number;
  /** Taken on and not answered yet, the queued ones included. */
  readonly outstanding: number;
}

export interface LedgerWriter<Command, Answer> {
  /**
   * Decides and records a command, together with others that arrive at the same time.
   *
   * `withinMs` bounds the wait for a batch, not the batch itself.
   *
   * @throws Problem `overloaded` when too much is waiting; `unavailable` when the store is away, the writer stops or the time ran out;
   *   `clock-skew`, `time-step`; and whatever `decide` refuses with. The same command may be sent again
   */
  readonly submit: (command: Command, withinMs?: number) => Promise<Answer>;
  readonly status: WriterStatus;
  /** Takes nothing more, finishes what is queued within `withinMs`, and turns away the rest. */
  readonly stop: (withinMs?: number) => Promise<void>;
}
