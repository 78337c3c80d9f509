import type { ActivationAnswer, PoolCounts, RecordedEvent, RequestActivation, TallyAnswer, TallyRequest } from '@muster/contracts';
import type { Arrival, HostState } from '@muster/domain';
import { decideActivation, screenRequest } from '@muster/domain';
import type { DecidedRound, Decision, EventStore, Follower, KnownRequest, NewEvent, WriteRound } from '@muster/event-store';
import { CLOCK_SKEW_MS_MAX } from '@muster/event-store';
import type { Draws } from '@muster/kernel';
import { isProblem, Problem } from '@muster/kernel';
import type { SigningKey } from '@muster/trust';
import { answerOutcome } from './answer-outcome.js';

/** How long the host's state may take to reach the round's head. */
const CATCH_UP_MS_MAX = 1000;

export interface DecideActivationsParts {
  readonly store: Pick<EventStore, 'readAt' | 'health'>;
  readonly follower: Pick<Follower<HostState>, 'catchUpTo' | 'position' | 'state'>;
  readonly tally: (request: TallyRequest) => Promise<TallyAnswer>;
  readonly key: SigningKey;
  readonly draws: Draws;
}

type Round = WriteRound<RequestActivation>;
type Counts = ReadonlyMap<RequestActivation, PoolCounts>;

/** The recorded outcomes of request ids that the ledger knows, read at once. */
const readOutcomes = async (round: Round, store: DecideActivationsParts['store']): Promise<ReadonlyMap<number, RecordedEvent>> => {
  const positions = [...new Set(round.commands.flatMap(({ known }) => (known === null ? [] : [known.position])))];
  if (positions.length === 0) return new Map();
  const events = await store.readAt(round.ledger, positions);
  return new Map(events.map((event) => [event.position, event]));
};

/** Which new requests will be seen, in order: those that only the count decides. */
const arrivalsOf = (round: Round, host: HostState): readonly (Arrival & { readonly command: RequestActivation })[] =>
  round.commands.flatMap(({ command, known }) => {
    if (known !== null) return [];
    const screened = screenRequest(command, host, round);
    return screened.status === 'countable' ? [{ command, pool: screened.pool.name, machine: command.machine, virtual: command.virtual }] : [];
  });

const countArrivals = async (round: Round, host: HostState, tally: DecideActivationsParts['tally']): Promise<Counts | 'moved'> => {
  const arrivals = arrivalsOf(round, host);
  if (arrivals.length === 0) return new Map();
  const answer = await tally({
    ledger: round.ledger,
    head: round.head.position,
    nowMs: round.nowMs,
    arrivals: arrivals.map(({ pool, machine, virtual }) => ({ pool, machine, virtual })),
  });
  if (answer.status === 'moved') return 'moved';
  if (answer.counts.length !== arrivals.length) throw new Error(`${arrivals.length} arrivals, ${answer.counts.length} counts`);
  return new Map(arrivals.map(({ command }, index) => [command, answer.counts[index] as PoolCounts]));
};

const asNewEvents = ({ machine, requestId }: RequestActivation, events: readonly NewEvent['event'][]): readonly NewEvent[] =>
  events.map((event, index) => ({ event, actor: `machine:${machine}`, requestId, causedByPrevious: index > 0 }));

/** A known id: the recorded outcome again where the content is the same (even if the request is old by now), a conflict where it is not. */
const repeat = (command: RequestActivation, known: KnownRequest, answer: () => Promise<ActivationAnswer>): Decision<ActivationAnswer> =>
  known.contentDigest === command.contentDigest
    ? { kind: 'answer', answer }
    : { kind: 'refuse', problem: new Problem('request-id-conflict', 'This request id was used with other content. Make a new one for a new request.') };

const isNotFresh = (decision: Decision<ActivationAnswer>): boolean => decision.kind === 'refuse' && isProblem(decision.problem, 'request-not-fresh');

/**
 * Where a request is not fresh, it may be the host's clock that is wrong: telling the machine to set its own by it would be worse than no answer.
 * Asked of the store only then, once a round.
 */
const blameOwnClock = async (decisions: readonly Decision<ActivationAnswer>[], round: Round, store: DecideActivationsParts['store']): Promise<readonly Decision<ActivationAnswer>[]> => {
  if (!decisions.some(isNotFresh)) return decisions;
  // The ledger itself bears witness: this host's time was later before.
  const behindLedgerMs = round.clockMs - round.head.recordedAtMs;
  const clockOffsetMs = behindLedgerMs < -CLOCK_SKEW_MS_MAX ? behindLedgerMs : (await store.health(round.ledger)).clockOffsetMs;
  if (Math.abs(clockOffsetMs) <= CLOCK_SKEW_MS_MAX) return decisions;
  const problem = new Problem('clock-skew', 'Whether the request is fresh cannot be told: this host has the wrong time.', { extensions: { clockOffsetMs } });
  return decisions.map((decision) => (isNotFresh(decision) ? { kind: 'refuse', problem } : decision));
};

/** The write round of the activation service: reads everything as of the round's head, decides with the pure rule. */
export const decideActivations =
  ({ store, follower, tally, key, draws }: DecideActivationsParts) =>
  async (round: Round): Promise<DecidedRound<ActivationAnswer>> => {
    if (!(await follower.catchUpTo(round.head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', 'The state of the host cannot be read.');
    if (follower.position !== round.head.position) return { status: 'moved' };
    const host = follower.state;
    // What could not be signed must not be recorded.
    if (host.status !== 'not-activated' && host.certificate.claims.sub !== key.id) {
      throw new Problem('unavailable', 'The certificate in force is for another key than the one that this service holds.');
    }
    const [outcomes, counts] = await Promise.all([readOutcomes(round, store), countArrivals(round, host, tally)]);
    if (counts === 'moved') return { status: 'moved' };
    const answer = (recorded: RecordedEvent): Promise<ActivationAnswer> => answerOutcome(recorded, { host, key });

    const decideNew = (command: RequestActivation): Decision<ActivationAnswer> => {
      const decision = decideActivation(command, host, {
        head: round.head.position,
        nowMs: round.nowMs,
        clockMs: round.clockMs,
        counts: counts.get(command),
        draws: { leaseId: draws.uuid(), spread: draws.unit() },
      });
      if (decision.status === 'rejected') {
        return { kind: 'refuse', problem: new Problem(decision.kind, decision.detail, { extensions: decision.extensions ?? {} }) };
      }
      const { machine, requestId, hostname, address } = command;
      return {
        kind: 'record',
        events: asNewEvents(command, decision.events),
        outcomeIndex: 1,
        personal: { machine, requestId, hostname, address },
        answer: ([, outcome]) => answer(outcome as RecordedEvent),
      };
    };

    const decisions = round.commands.map(({ command, known }) =>
      known === null ? decideNew(command) : repeat(command, known, () => answer(outcomes.get(known.position) as RecordedEvent)),
    );
    return { status: 'decided', decisions: await blameOwnClock(decisions, round, store) };
  };
