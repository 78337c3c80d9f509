import type { PoolCounts, RecordedEvent, TallyAnswer, TallyRequest } from '@muster/contracts';
import type { Arrival } from '@muster/domain';
import type { CommandIdentity, DecidedRound, Decision, EventStore, Follower, KnownRequest, WriteRound } from '@muster/event-store';
import { CLOCK_SKEW_MS_MAX } from '@muster/event-store';
import type { Draws } from '@muster/kernel';
import { isProblem, Problem } from '@muster/kernel';

/** How long the state may take to reach the round's head. */
const CATCH_UP_MS_MAX = 1000;

/** What a command is decided from, all of it as of the round's head, its draws included. */
export interface DecisionContext<State> {
  readonly state: State;
  readonly head: number;
  readonly nowMs: number;
  /** By this host's own clock: what a machine's is compared with. */
  readonly clockMs: number;
  readonly draws: { readonly leaseId: string; readonly spread: number };
}

/** What one kind of round decides, as functions of what was read. */
export interface RoundRules<Command, State, Answer> {
  /** Will the machine be seen? Then the count of its pool is read, this machine and those before it in the round included. */
  readonly arrivalOf: (command: Command, context: DecisionContext<State>) => Arrival | undefined;
  /** A command whose request id is new, or that has none. `counts` is there where `arrivalOf` named an arrival. */
  readonly decide: (command: Command, context: DecisionContext<State> & { readonly counts: PoolCounts | undefined }) => Decision<Answer>;
  /** A recorded outcome again. */
  readonly answer: (command: Command, recorded: RecordedEvent, state: State) => Promise<Answer>;
}

export interface WriteRoundParts<Command, State, Answer> {
  readonly store: Pick<EventStore, 'readAt' | 'health'>;
  readonly follower: Pick<Follower<State>, 'catchUpTo' | 'position' | 'state'>;
  readonly tally: (request: TallyRequest) => Promise<TallyAnswer>;
  readonly draws: Draws;
  readonly identify: (command: Command) => CommandIdentity | null;
  /** Why this service may not decide from the state, if so: thrown before anything is. */
  readonly objection?: (state: State) => Promise<Problem | undefined>;
  readonly rules: RoundRules<Command, State, Answer>;
}

type Counts = ReadonlyMap<number, PoolCounts>;

/** The recorded outcomes of request ids that the ledger knows, read at once. */
const readOutcomes = async <Command>(round: WriteRound<Command>, store: Pick<EventStore, 'readAt'>): Promise<ReadonlyMap<number, RecordedEvent>> => {
  const positions = [...new Set(round.commands.flatMap(({ known }) => (known === null ? [] : [known.position])))];
  if (positions.length === 0) return new Map();
  const events = await store.readAt(round.ledger, positions);
  return new Map(events.map((event) => [event.position, event]));
};

interface IndexedArrival extends Arrival {
  readonly index: number;
}

const countArrivals = async <Command>(round: WriteRound<Command>, arrivals: readonly IndexedArrival[], tally: (request: TallyRequest) => Promise<TallyAnswer>): Promise<Counts | 'moved'> => {
  if (arrivals.length === 0) return new Map();
  const answer = await tally({
    ledger: round.ledger,
    head: round.head.position,
    nowMs: round.nowMs,
    arrivals: arrivals.map(({ pool, machine, virtual, counted }) => ({ pool, machine, virtual, ...(counted === undefined ? {} : { counted }) })),
  });
  if (answer.status === 'moved') return 'moved';
  if (answer.counts.length !== arrivals.length) throw new Error(`${arrivals.length} arrivals, ${answer.counts.length} counts`);
  return new Map(arrivals.map(({ index }, place) => [index, answer.counts[place] as PoolCounts]));
};

/** A known id: the recorded outcome again where the content is the same (even if the request is old by now), a conflict where it is not. */
const repeat = <Answer>(identity: CommandIdentity | null, known: KnownRequest, answer: () => Promise<Answer>): Decision<Answer> =>
  known.contentDigest === identity?.contentDigest
    ? { kind: 'answer', answer }
    : { kind: 'refuse', problem: new Problem('request-id-conflict', 'This request id was used with other content. Make a new one for a new request.') };

const isNotFresh = <Answer>(decision: Decision<Answer>): boolean => decision.kind === 'refuse' && isProblem(decision.problem, 'request-not-fresh');

/**
 * Where a request is not fresh, it may be the host's clock that is wrong: telling the machine to set its own by it would be worse than no answer.
 * Asked of the store only then, once a round.
 */
const blameOwnClock = async <Answer>(
  decisions: readonly Decision<Answer>[],
  { ledger, head, clockMs }: Pick<WriteRound<never>, 'ledger' | 'head' | 'clockMs'>,
  store: Pick<EventStore, 'health'>,
): Promise<readonly Decision<Answer>[]> => {
  if (!decisions.some(isNotFresh)) return decisions;
  // The ledger itself bears witness: this host's time was later before.
  const behindLedgerMs = clockMs - head.recordedAtMs;
  const clockOffsetMs = behindLedgerMs < -CLOCK_SKEW_MS_MAX ? behindLedgerMs : (await store.health(ledger)).clockOffsetMs;
  if (Math.abs(clockOffsetMs) <= CLOCK_SKEW_MS_MAX) return decisions;
  const problem = new Problem('clock-skew', 'Whether the request is fresh cannot be told: this host has the wrong time.', { extensions: { clockOffsetMs } });
  return decisions.map((decision) => (isNotFresh(decision) ? { kind: 'refuse', problem } : decision));
};

/** One write round of a service that decides about leases: reads everything as of the round's head, decides with the pure rules, answers from what is recorded. */
export const decideRound =
  <Command, State, Answer>({ store, follower, tally, draws, identify, rules, objection }: WriteRoundParts<Command, State, Answer>) =>
  async (round: WriteRound<Command>): Promise<DecidedRound<Answer>> => {
    const { head, nowMs, clockMs, commands } = round;
    if (!(await follower.catchUpTo(head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', 'The state of the host cannot be read.');
    if (follower.position !== head.position) return { status: 'moved' };
    const objected = await objection?.(follower.state);
    if (follower.position !== head.position) return { status: 'moved' };
    if (objected !== undefined) throw objected;
    // Folds change their state in place, so whatever is read of it is read before the next `await`, or after it is known not to have moved.
    const { state } = follower;
    const contexts = commands.map(() => ({ state, head: head.position, nowMs, clockMs, draws: { leaseId: draws.uuid(), spread: draws.unit() } }));
    const arrivals = commands.flatMap(({ command, known }, index): readonly IndexedArrival[] => {
      const arrival = known === null ? rules.arrivalOf(command, contexts[index] as DecisionContext<State>) : undefined;
      return arrival === undefined ? [] : [{ ...arrival, index }];
    });
    const [outcomes, counts] = await Promise.all([readOutcomes(round, store), countArrivals(round, arrivals, tally)]);
    if (counts === 'moved' || follower.position !== head.position) return { status: 'moved' };
    const decisions = commands.map(({ command, known }, index) => {
      if (known !== null) return repeat(identify(command), known, () => rules.answer(command, outcomes.get(known.position) as RecordedEvent, follower.state));
      return rules.decide(command, { ...(contexts[index] as DecisionContext<State>), state: follower.state, counts: counts.get(index) });
    });
    return { status: 'decided', decisions: await blameOwnClock(decisions, round, store) };
  };
