import type { CreateEnrolmentToken, EnrolmentTokenEntry, RecordedEvent, RevokeEnrolmentToken } from '@muster/contracts';
import { decodeTrustedBody } from '@muster/contracts';
import type { EnrolmentState, KnownEnrolmentToken, TokenDecision } from '@muster/domain';
import { applyEnrolmentEvent, decideCreateToken, decideRevokeToken, emptyEnrolment, tokenEntry } from '@muster/domain';
import type { DecidedRound, Decision, EventStore, Follower, WriteRound } from '@muster/event-store';
import { createLedgerWriter } from '@muster/event-store';
import { refuse } from '@muster/issuance';
import type { Clock, Draws } from '@muster/kernel';
import { Problem } from '@muster/kernel';

/** How long the state of the tokens may take to reach the head that a round was read at. */
const CATCH_UP_MS_MAX = 1000;

export interface EnrolmentWriterParts {
  readonly store: EventStore;
  readonly ledger: string;
  readonly clock: Clock;
  readonly draws: Draws;
  readonly follower: Follower<EnrolmentState>;
  readonly onAppended: (events: readonly RecordedEvent[]) => void;
}

interface Act {
  readonly actor: string;
  readonly decide: (state: EnrolmentState, nowMs: number) => TokenDecision<'EnrolmentTokenCreated' | 'EnrolmentTokenRevoked'>;
  /** The token as it was before the act; a new one has none. */
  readonly before: (state: EnrolmentState) => KnownEnrolmentToken | undefined;
}

/** The token that the recorded event leaves, from the one that it changed. */
const entryAfter = (recorded: RecordedEvent, before: KnownEnrolmentToken | undefined): EnrolmentTokenEntry => {
  const state = emptyEnrolment();
  if (before !== undefined) state.tokens.set(before.tokenId, before);
  applyEnrolmentEvent(state, decodeTrustedBody(recorded), recorded.recordedAtMs);
  const [token] = state.tokens.values();
  if (token === undefined) throw new Error(`position ${recorded.position} is about no token that there is`);
  return tokenEntry(token, recorded.recordedAtMs);
};

const decisionOf = ({ actor, decide, before }: Act, state: EnrolmentState, nowMs: number): Decision<EnrolmentTokenEntry> => {
  const decision = decide(state, nowMs);
  switch (decision.status) {
    case 'rejected':
      return refuse(decision);
    case 'known':
      return { kind: 'answer', answer: () => tokenEntry(decision.token, nowMs) };
    case 'recorded': {
      const known = before(state);
      const events = [{ event: decision.event, actor, requestId: null, causedByPrevious: false }];
      return { kind: 'record', events, outcomeIndex: 0, answer: ([recorded]) => entryAfter(recorded as RecordedEvent, known) };
    }
    default:
      return decision satisfies never;
  }
};

/** Decides one administrator's act by the one rule, against the tokens as of the head. */
const record = async (act: Act, { store, ledger, clock, follower, onAppended }: EnrolmentWriterParts): Promise<EnrolmentTokenEntry> => {
  const decide = async ({ head, nowMs, commands }: WriteRound<null>): Promise<DecidedRound<EnrolmentTokenEntry>> => {
    if (!(await follower.catchUpTo(head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', 'The enrolment tokens cannot be read.');
    if (follower.position !== head.position) return { status: 'moved' };
    return { status: 'decided', decisions: commands.map(() => decisionOf(act, follower.state, nowMs)) };
  };
  const writer = createLedgerWriter<null, EnrolmentTokenEntry>({ store, ledger, clock, identify: () => null, onAppended, decide });
  try {
    return await writer.submit(null);
  } finally {
    await writer.stop();
  }
};

/** Records a token by its public half. @throws Problem `unavailable`, `clock-skew`, `time-step`: to be tried again */
export const createEnrolmentToken = (order: CreateEnrolmentToken, parts: EnrolmentWriterParts): Promise<EnrolmentTokenEntry> =>
  record({ actor: order.actor, decide: (state, nowMs) => decideCreateToken(order, state, { tokenId: parts.draws.uuid(), nowMs }), before: () => undefined }, parts);

/** Records that a token enrols nobody any more. @throws Problem `not-found`; `unavailable`, `clock-skew`, `time-step`: to be tried again */
export const revokeEnrolmentToken = (order: RevokeEnrolmentToken, parts: EnrolmentWriterParts): Promise<EnrolmentTokenEntry> =>
  record({ actor: order.actor, decide: (state) => decideRevokeToken(order, state), before: (state) => state.tokens.get(order.tokenId) }, parts);
