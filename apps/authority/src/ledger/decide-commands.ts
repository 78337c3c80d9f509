import type { RecordedEvent } from '@muster/contracts';
import { decodeTrustedBody } from '@muster/contracts';
import type { AuthorityState, Rejection } from '@muster/domain';
import { applyToAuthority, draftOf } from '@muster/domain';
import type { DecidedRound, Decision, EventStore, Follower, LookedUp, WriteRound } from '@muster/event-store';
import { isTimeStep } from '@muster/event-store';
import { Problem, toInstant } from '@muster/kernel';
import type { AuthorityCommand, DecisionMoment, PlacedEvent } from './authority-command.js';

/** How long the state may take to reach the round's head. */
const CATCH_UP_MS_MAX = 1000;

export interface DecideCommandsParts {
  readonly store: Pick<EventStore, 'readAt'>;
  readonly follower: Pick<Follower<AuthorityState>, 'catchUpTo' | 'position' | 'state'>;
  /** Why this authority may not sign any more, if so: what it could not sign must not be recorded. */
  readonly objection: (state: AuthorityState, nowMs: number) => Problem | undefined;
}

type Command = AuthorityCommand<unknown>;

const placed = (recorded: RecordedEvent): PlacedEvent => ({ position: recorded.position, recordedAtMs: recorded.recordedAtMs, event: decodeTrustedBody(recorded) });

/** The recorded outcomes of request ids that the ledger knows, read at once. */
const readOutcomes = async ({ ledger, commands }: WriteRound<Command>, store: Pick<EventStore, 'readAt'>): Promise<ReadonlyMap<number, PlacedEvent>> => {
  const positions = [...new Set(commands.flatMap(({ known }) => (known === null ? [] : [known.position])))];
  if (positions.length === 0) return new Map();
  return new Map((await store.readAt(ledger, positions)).map((event) => [event.position, placed(event)]));
};

const refuse = (problem: Problem): Decision<unknown> => ({ kind: 'refuse', problem });

/** What a rule rejects, as whoever asked is told it. */
export const problemOf = ({ kind, detail, extensions = {} }: Rejection): Problem => new Problem(kind, detail, { extensions });

const repeat = ({ command, known }: LookedUp<Command>, recorded: PlacedEvent, state: AuthorityState): Decision<unknown> => {
  if (known?.contentDigest !== command.identity?.contentDigest) return refuse(new Problem('request-id-conflict', 'This request id was used with other content. Make a new one for a new request.'));
  const answer = command.answer(state);
  return { kind: 'answer', answer: () => answer(recorded) };
};

/** Decides on the draft, and puts the event in it: the next command of the round is decided with it. */
const decideNew = async (command: Command, draft: AuthorityState, moment: DecisionMoment): Promise<Decision<unknown>> => {
  const decision = await command.decide(draft, moment);
  if (decision.status === 'rejected') return refuse(problemOf(decision));
  if (decision.status !== 'unchanged') applyToAuthority(draft, { event: decision.event, recordedAtMs: moment.nowMs });
  const answer = command.answer(draft);
  if (decision.status === 'unchanged') return { kind: 'answer', answer: () => answer(null) };
  return {
    kind: 'record',
    events: [{ event: decision.event, actor: command.actor, requestId: command.identity?.requestId ?? null, causedByPrevious: false }],
    outcomeIndex: 0,
    ...(decision.status === 'refused' ? { remembered: false } : {}),
    answer: ([recorded]) => answer(placed(recorded as RecordedEvent)),
  };
};

const timeStep = (fromMs: number): Problem => new Problem('time-step', `The last event is of ${toInstant(fromMs)}. An administrator accepts the step by \`muster authority accept-time\`.`);

/** One write round (DESIGN section 2): the state as of the round's head, one decision after the other on a draft of it. */
export const decideCommands =
  ({ store, follower, objection }: DecideCommandsParts) =>
  async (round: WriteRound<Command>): Promise<DecidedRound<unknown>> => {
    const { head, nowMs, commands } = round;
    if (!(await follower.catchUpTo(head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', "The authority's state cannot be read.");
    const outcomes = await readOutcomes(round, store);
    if (follower.position !== head.position) return { status: 'moved' };
    const objected = objection(follower.state, nowMs);
    if (objected !== undefined) throw objected;
    const draft = draftOf(follower.state);
    const decisions: Decision<unknown>[] = [];
    let step = isTimeStep(head, nowMs) ? { fromMs: head.recordedAtMs } : null;
    for (const looked of commands) {
      const { command, known } = looked;
      if (known !== null) decisions.push(repeat(looked, outcomes.get(known.position) as PlacedEvent, draft));
      else if (step !== null && command.acceptsTimeStep !== true) decisions.push(refuse(timeStep(step.fromMs)));
      else {
        decisions.push(await decideNew(command, draft, { nowMs, timeStep: step }));
        step = null;
      }
    }
    // The draft rests on a state that is changed in place: what was read of it while signatures were made counts only if it did not move meanwhile.
    return follower.position === head.position ? { status: 'decided', decisions } : { status: 'moved' };
  };
