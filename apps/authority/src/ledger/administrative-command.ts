import type { AuthorityDecision, AuthorityState } from '@muster/domain';
import type { AuthorityCommand, DecisionMoment } from './authority-command.js';

interface Order<Seen> {
  readonly actor: AuthorityCommand<unknown>['actor'];
  readonly decide: (state: AuthorityState, moment: DecisionMoment) => AuthorityDecision;
  /** What the administrator is shown of the state in which the order was followed. */
  readonly seen: (state: AuthorityState) => Seen;
}

/** What became of an order: whether anything had to be recorded, and the state of things then. */
export interface Followed<Seen> {
  readonly recordedAt: number | null;
  readonly seen: Seen;
}

/** An administrator's act. It has no request id: given twice, it is followed once, because it says how things are to be. */
export const administrativeCommand = <Seen>({ actor, decide, seen }: Order<Seen>): AuthorityCommand<Followed<Seen>> => ({
  actor,
  identity: null,
  decide,
  answer: (state) => {
    const then = seen(state);
    return (recorded) => ({ recordedAt: recorded?.position ?? null, seen: then });
  },
});
