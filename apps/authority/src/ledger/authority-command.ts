import type { Actor, DomainEvent } from '@muster/contracts';
import type { AuthorityDecision, AuthorityState } from '@muster/domain';
import type { CommandIdentity } from '@muster/event-store';

/** An event of the ledger, read again. */
export interface PlacedEvent {
  readonly position: number;
  readonly recordedAtMs: number;
  readonly event: DomainEvent;
}

/** When a command is decided. */
export interface DecisionMoment {
  readonly nowMs: number;
  /** The head, and its time, where the ledger is so far behind the clock that somebody must accept it first. */
  readonly timeStep: { readonly fromMs: number } | null;
}

/** An order or a request, with its rule and its answer: what its use case makes of the ledger. */
export interface AuthorityCommand<Answer> {
  readonly actor: Actor;
  /** Null for what is not remembered by a request id. */
  readonly identity: CommandIdentity | null;
  /** The one command that may be decided before a step of time is accepted: it is the one that accepts it. */
  readonly acceptsTimeStep?: true;
  /** From the state alone; what it awaits is signatures, never other state. */
  decide(state: AuthorityState, moment: DecisionMoment): AuthorityDecision | Promise<AuthorityDecision>;
  /**
   * Takes what it needs from the state, in which the event is by then, and answers once the event is in the ledger; from no event where nothing had to be
   * recorded. For a repeat it is the event of then, and the state of now.
   *
   * @throws Problem when a refusal was recorded
   */
  answer(state: AuthorityState): (recorded: PlacedEvent | null) => Answer | Promise<Answer>;
}
