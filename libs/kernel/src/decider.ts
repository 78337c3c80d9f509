/**
 * A rule as three pure functions.
 *
 * `decide` never awaits, never reads a clock, never draws a random number: whatever it needs is in the command, the state or the context.
 * `evolve` never throws and never decides.
 */
export interface Decider<State, Command, Context, Decision, Event> {
  readonly initialState: () => State;
  readonly decide: (command: Command, state: State, context: Context) => Decision;
  readonly evolve: (state: State, event: Event) => State;
}

/** The folding half of a decider: state computed from a ledger prefix. */
export type Fold<State, Event> = Pick<Decider<State, never, never, never, Event>, 'initialState' | 'evolve'>;
