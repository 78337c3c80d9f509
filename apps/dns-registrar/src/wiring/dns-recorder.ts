import type { DomainEvent, RecordedEvent } from '@muster/contracts';
import { subjects } from '@muster/contracts';
import { wasEverProduction } from '@muster/domain';
import type { DecidedRound, Decision, EventStore, Follower, LedgerWriter, WriteRound } from '@muster/event-store';
import { createLedgerWriter, toLedgerAppended } from '@muster/event-store';
import { Problem } from '@muster/kernel';
import type { Bus } from '@muster/messaging';
import type { ServiceClock } from '@muster/service';
import { decideUnlessProduction } from '@muster/service';
import type { DnsView } from '../view/dns-view.fold.js';

/** How long the view may take to reach the head that a round was read at. */
const CATCH_UP_MS_MAX = 1000;

/** Half of what one commit takes. */
const EVENTS_MAX = 256;

export const OWN_ACTOR = 'service:dns-registrar';

export type ActDecision<Answer> =
  | { readonly kind: 'record'; readonly events: readonly DomainEvent[]; readonly answer: (position: number) => Answer }
  | { readonly kind: 'answer'; readonly answer: (position: number) => Answer }
  | { readonly kind: 'refuse'; readonly problem: Problem };

/** Decides from the ledger as of its head; asked again whenever the head has moved on. */
export type Act<Answer> = (view: DnsView, at: { readonly nowMs: number; readonly position: number }) => ActDecision<Answer>;

interface Command {
  readonly actor: string;
  readonly act: Act<unknown>;
}

export interface DnsRecorderParts {
  readonly store: EventStore;
  readonly ledger: string;
  readonly clock: ServiceClock;
  readonly follower: Follower<DnsView>;
  readonly bus: Bus;
}

/** Records what this service finds out and what administrators order: by the one rule, so that any number of replicas records each thing once. */
export class DnsRecorder {
  constructor(private readonly writer: LedgerWriter<Command, unknown>) {}

  /** @throws Problem as the act refuses; `unavailable`, `clock-skew`, `time-step`: to be tried again */
  async submit<Answer>(actor: string, act: Act<Answer>): Promise<Answer> {
    return (await this.writer.submit({ actor, act })) as Answer;
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

  stop(): Promise<void> {
    return this.writer.stop();
  }
}

const decisionOf = ({ actor, act }: Command, view: DnsView, at: { readonly nowMs: number; readonly position: number }): Decision<unknown> => {
  const decided = act(view, at);
  switch (decided.kind) {
    case 'refuse':
      return decided;
    case 'answer':
      return { kind: 'answer', answer: () => decided.answer(at.position) };
    case 'record': {
      const events = decided.events.map((event) => ({ event, actor, requestId: null, causedByPrevious: false }));
      return { kind: 'record', events, outcomeIndex: events.length - 1, answer: (recorded) => decided.answer((recorded.at(-1) as RecordedEvent).position) };
    }
    default:
      return decided satisfies never;
  }
};

export const createDnsRecorder = ({ store, ledger, clock, follower, bus }: DnsRecorderParts): DnsRecorder => {
  const decide = async ({ head, nowMs, commands }: WriteRound<Command>): Promise<DecidedRound<unknown>> => {
    if (!(await follower.catchUpTo(head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', 'The endpoints cannot be read.');
    if (follower.position !== head.position) return { status: 'moved' };
    return { status: 'decided', decisions: commands.map(({ command }) => decisionOf(command, follower.state, { nowMs, position: head.position })) };
  };
  const writer = createLedgerWriter<Command, unknown>({
    ...{ store, ledger, clock, identify: () => null },
    // One at a time: two acts of a round would be decided from one state, and record one thing twice.
    batchCommandsMax: 1,
    decide: decideUnlessProduction(clock, () => wasEverProduction(follower.state.host), decide),
    onAppended: (events) => {
      const message = toLedgerAppended(events);
      follower.onAppended(message);
      bus.publish(subjects.ledgerAppended, message);
    },
  });
  return new DnsRecorder(writer);
};
