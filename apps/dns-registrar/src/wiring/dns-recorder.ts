import type { DomainEvent, RecordedEvent } from '@muster/contracts';
import { wasEverProduction } from '@muster/domain';
import type { ActParts, ActRound, Decision, Follower } from '@muster/event-store';
import { recordAct } from '@muster/event-store';
import type { Problem } from '@muster/kernel';
import type { ServiceClock } from '@muster/service';
import { decideUnlessProduction } from '@muster/service';
import type { DnsView } from '../view/dns-view.fold.js';

/** Half of what one commit takes. */
const EVENTS_MAX = 256;

const OWN_ACTOR = 'service:dns-registrar';

export type ActDecision<Answer> =
  | { readonly kind: 'record'; readonly events: readonly DomainEvent[]; readonly answer: (position: number) => Answer }
  | { readonly kind: 'answer'; readonly answer: (position: number) => Answer }
  | { readonly kind: 'refuse'; readonly problem: Problem };

/** Decides from the ledger as of its head; asked again whenever the head has moved on. */
export type DecideAct<Answer> = (view: DnsView, at: { readonly nowMs: number; readonly position: number }) => ActDecision<Answer>;

export interface DnsRecorderParts extends ActParts {
  readonly clock: ServiceClock;
  readonly follower: Follower<DnsView>;
}

const decisionOf = <Answer>(decided: ActDecision<Answer>, { actor, position }: { readonly actor: string; readonly position: number }): Decision<Answer> => {
  switch (decided.kind) {
    case 'refuse':
      return decided;
    case 'answer':
      return { kind: 'answer', answer: () => decided.answer(position) };
    case 'record': {
      const events = decided.events.map((event) => ({ event, actor, requestId: null, causedByPrevious: false }));
      return { kind: 'record', events, outcomeIndex: events.length - 1, answer: (recorded) => decided.answer((recorded.at(-1) as RecordedEvent).position) };
    }
    default:
      return decided satisfies never;
  }
};

/** Records what this service finds out and what administrators order: by the one rule, so that any number of replicas records each thing once. */
export class DnsRecorder {
  constructor(private readonly parts: DnsRecorderParts) {}

  /** @throws Problem as the act refuses; `unavailable`, `clock-skew`, `time-step`: to be tried again */
  submit<Answer>(actor: string, act: DecideAct<Answer>): Promise<Answer> {
    const { follower, clock } = this.parts;
    const decide = async ({ head: { position }, nowMs }: ActRound): Promise<Decision<Answer>> => decisionOf(act(follower.state, { nowMs, position }), { actor, position });
    return recordAct({ from: { 'The state of the endpoints': follower }, decide: decideUnlessProduction(clock, () => wasEverProduction(follower.state.host), decide) }, this.parts);
  }

  /** Records what `find` finds at the head, until it finds nothing more; answers how many events these were. */
  async record(find: (view: DnsView, at: { readonly nowMs: number; readonly position: number }) => readonly DomainEvent[]): Promise<number> {
    for (let recorded = 0; ; ) {
      const events = await this.submit(OWN_ACTOR, (view, at) => {
        const found = find(view, at).slice(0, EVENTS_MAX);
        return found.length === 0 ? { kind: 'answer', answer: () => 0 } : { kind: 'record', events: found, answer: () => found.length };
      });
      recorded += events;
      if (events < EVENTS_MAX) return recorded;
    }
  }
}
