import type { RecordedEvent } from '@muster/contracts';
import type { HostActDecision, HostState } from '@muster/domain';
import { wasEverProduction } from '@muster/domain';
import type { DecidedRound, Decision, EventStore, Follower, OnAppended, WriteRound } from '@muster/event-store';
import { createLedgerWriter } from '@muster/event-store';
import { refuse } from '@muster/issuance';
import type { ServiceClock } from '@muster/service';
import { decideUnlessProduction } from '@muster/service';
import { hostAtHead } from './host-at-head.js';

export interface HostActParts {
  readonly store: EventStore;
  readonly ledger: string;
  readonly clock: ServiceClock;
  readonly follower: Follower<HostState>;
  readonly onAppended?: OnAppended;
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
export const recordHostAct = async <Answer>({ actor, decide }: HostAct<Answer>, { store, ledger, clock, follower, onAppended }: HostActParts): Promise<Answer> => {
  const decisionOf = async (host: HostState, head: number, nowMs: number): Promise<Decision<Answer>> => {
    const { decision, answer } = await decide(host, nowMs);
    switch (decision.status) {
      case 'rejected':
        return refuse(decision);
      case 'known':
        return { kind: 'answer', answer: () => answer({ recorded: false, position: head }) };
      case 'recorded': {
        const events = [{ event: decision.event, actor, requestId: null, causedByPrevious: false }];
        return { kind: 'record', events, outcomeIndex: 0, answer: ([first]) => answer({ recorded: true, position: (first as RecordedEvent).position }) };
      }
      default:
        return decision satisfies never;
    }
  };
  const decideRound = async ({ head, nowMs, commands }: WriteRound<null>): Promise<DecidedRound<Answer>> => {
    const host = await hostAtHead(head, follower);
    if (host === undefined) return { status: 'moved' };
    // The state is of the head and never changed in place: what is awaited meanwhile makes it no other.
    return { status: 'decided', decisions: await Promise.all(commands.map(() => decisionOf(host, head.position, nowMs))) };
  };
  const guarded = decideUnlessProduction(clock, () => wasEverProduction(follower.state), decideRound);
  const writer = createLedgerWriter<null, Answer>({ store, ledger, clock, identify: () => null, decide: guarded, ...(onAppended === undefined ? {} : { onAppended }) });
  try {
    return await writer.submit(null);
  } finally {
    await writer.stop();
  }
};
