import { deepStrictEqual, fail } from 'node:assert/strict';
import type { Decider } from '@muster/kernel';

/** What a decider answers: events to record, or the kind of problem under which nothing is recorded. */
export type StoryDecision<Event> =
  | { readonly status: 'recorded'; readonly events: readonly Event[] }
  | { readonly status: 'rejected'; readonly kind: string };

export interface StoryEnd<Event> {
  /** Exactly these events, in this order; returned for a closer look. */
  readonly then: (expected: readonly Event[]) => void;
  /** Nothing recorded, for this reason. */
  readonly thenRejected: (kind: string) => void;
  /** The events, for a test about one member of one of them. Fails when the command was rejected. */
  readonly recorded: () => readonly Event[];
}

export interface Story<Command, Context, Event> {
  readonly when: (command: Command, context: Context) => StoryEnd<Event>;
}

/**
 * Tells a decider's rules as stories: `given(events).when(command, context).then(events)`.
 *
 * Works under any test runner: a story that does not hold throws an `AssertionError` with the difference.
 */
export const storiesOf =
  <State, Command, Context, Event>({ initialState, evolve, decide }: Decider<State, Command, Context, StoryDecision<Event>, Event>) =>
  (given: readonly Event[]): Story<Command, Context, Event> => ({
    when: (command, context) => {
      const decision = decide(command, given.reduce(evolve, initialState()), context);
      const recorded = (): readonly Event[] => (decision.status === 'recorded' ? decision.events : fail(`rejected as ${decision.kind}, where events were expected`));
      return {
        recorded,
        then: (expected) => deepStrictEqual(recorded(), expected),
        thenRejected: (kind) => {
          if (decision.status === 'recorded') fail(`recorded, where ${kind} was expected: ${JSON.stringify(decision.events)}`);
          deepStrictEqual(decision.kind, kind);
        },
      };
    },
  });
