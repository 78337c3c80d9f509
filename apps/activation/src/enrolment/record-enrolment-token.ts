import type { CreateEnrolmentToken, EnrolmentTokenEntry, RevokeEnrolmentToken } from '@muster/contracts';
import type { EnrolmentState, TokenDecision } from '@muster/domain';
import { decideCreateToken, decideRevokeToken, tokenEntry } from '@muster/domain';
import type { DecidedRound, Decision, EventStore, Follower, OnAppended, WriteRound } from '@muster/event-store';
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
  readonly onAppended: OnAppended;
}

interface Act {
  readonly actor: string;
  readonly decide: (state: EnrolmentState, nowMs: number) => TokenDecision;
}

const decisionOf = ({ actor, decide }: Act, state: EnrolmentState, nowMs: number): Decision<EnrolmentTokenEntry> => {
  const decision = decide(state, nowMs);
  if (decision.status === 'rejected') return refuse(decision);
  const answer = (): EnrolmentTokenEntry => tokenEntry(decision.token, nowMs);
  if (decision.status === 'known') return { kind: 'answer', answer };
  return { kind: 'record', events: [{ event: decision.event, actor, requestId: null, causedByPrevious: false }], outcomeIndex: 0, answer };
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
  record({ actor: order.actor, decide: (state, nowMs) => decideCreateToken(order, state, { tokenId: parts.draws.uuid(), nowMs }) }, parts);

/** Records that a token enrols nobody any more. @throws Problem `not-found`; `unavailable`, `clock-skew`, `time-step`: to be tried again */
export const revokeEnrolmentToken = (order: RevokeEnrolmentToken, parts: EnrolmentWriterParts): Promise<EnrolmentTokenEntry> =>
  record({ actor: order.actor, decide: (state) => decideRevokeToken(order, state) }, parts);
