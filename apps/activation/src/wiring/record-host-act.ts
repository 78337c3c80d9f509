import type { RecordedEvent } from '@muster/contracts';
import type { HostActDecision, HostState } from '@muster/domain';
import { wasEverProduction } from '@muster/domain';
import type { ActParts, ActRound, Decision, Follower } from '@muster/event-store';
import { recordAct } from '@muster/event-store';
import { refuse } from '@muster/issuance';
import type { ServiceClock } from '@muster/service';
import { decideUnlessProduction } from '@muster/service';

export interface HostActParts extends ActParts {
  readonly clock: ServiceClock;
  readonly follower: Follower<HostState>;
}

/** Where an act stands: recorded now, or known at that head. */
export interface HostActPlace {
  readonly recorded: boolean;
  readonly position: number;
}

/** One act on the host itself, decided from the host as of the head; what it throws, and what it rejects, its caller is told. */
export interface HostAct<Answer> {
  readonly actor: string;
  readonly decide: (host: HostState, nowMs: number) => Promise<{ readonly decision: HostActDecision; readonly answer: (place: HostActPlace) => Answer }>;
}

/**
 * Records an act on the host by the one rule; what is known already is not recorded again, whoever repeats it.
 *
 * @throws Problem as the act has it; `unavailable`, `clock-skew`, `time-step`: to be tried again
 */
export const recordHostAct = <Answer>({ actor, decide }: HostAct<Answer>, parts: HostActParts): Promise<Answer> => {
  const { clock, follower } = parts;
  // The state of the host is never changed in place: what is awaited meanwhile makes it no other.
  const decideAct = async ({ head, nowMs }: ActRound): Promise<Decision<Answer>> => {
    const { decision, answer } = await decide(follower.state, nowMs);
    switch (decision.status) {
      case 'rejected':
        return refuse(decision);
      case 'known':
        return { kind: 'answer', answer: () => answer({ recorded: false, position: head.position }) };
      case 'recorded': {
        const events = [{ event: decision.event, actor, requestId: null, causedByPrevious: false }];
        return { kind: 'record', events, outcomeIndex: 0, answer: ([first]) => answer({ recorded: true, position: (first as RecordedEvent).position }) };
      }
      default:
        return decision satisfies never;
    }
  };
  return recordAct({ from: { 'The state of the host': follower }, decide: decideUnlessProduction(clock, () => wasEverProduction(follower.state), decideAct) }, parts);
};
