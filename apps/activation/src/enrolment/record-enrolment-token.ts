import type { CreateEnrolmentToken, EnrolmentTokenEntry, RevokeEnrolmentToken } from '@muster/contracts';
import type { EnrolmentState, TokenDecision } from '@muster/domain';
import { decideCreateToken, decideRevokeToken, tokenEntry } from '@muster/domain';
import type { ActParts, Decision, Follower } from '@muster/event-store';
import { recordAct } from '@muster/event-store';
import { refuse } from '@muster/issuance';
import type { Draws } from '@muster/kernel';

export interface EnrolmentWriterParts extends ActParts {
  readonly draws: Draws;
  readonly follower: Follower<EnrolmentState>;
}

interface TokenAct {
  readonly actor: string;
  readonly decide: (state: EnrolmentState, nowMs: number) => TokenDecision;
}

const decisionOf = ({ actor, decide }: TokenAct, state: EnrolmentState, nowMs: number): Decision<EnrolmentTokenEntry> => {
  const decision = decide(state, nowMs);
  if (decision.status === 'rejected') return refuse(decision);
  const answer = (): EnrolmentTokenEntry => tokenEntry(decision.token, nowMs);
  if (decision.status === 'known') return { kind: 'answer', answer };
  return { kind: 'record', events: [{ event: decision.event, actor, requestId: null, causedByPrevious: false }], outcomeIndex: 0, answer };
};

const record = (act: TokenAct, parts: EnrolmentWriterParts): Promise<EnrolmentTokenEntry> => {
  const { follower } = parts;
  return recordAct({ from: { 'The enrolment tokens': follower }, decide: async ({ nowMs }) => decisionOf(act, follower.state, nowMs) }, parts);
};

/** Records a token by its public half. @throws Problem `unavailable`, `clock-skew`, `time-step`: to be tried again */
export const createEnrolmentToken = (order: CreateEnrolmentToken, parts: EnrolmentWriterParts): Promise<EnrolmentTokenEntry> =>
  record({ actor: order.actor, decide: (state, nowMs) => decideCreateToken(order, state, { tokenId: parts.draws.uuid(), nowMs }) }, parts);

/** Records that a token enrols nobody any more. @throws Problem `not-found`; `unavailable`, `clock-skew`, `time-step`: to be tried again */
export const revokeEnrolmentToken = (order: RevokeEnrolmentToken, parts: EnrolmentWriterParts): Promise<EnrolmentTokenEntry> =>
  record({ actor: order.actor, decide: (state) => decideRevokeToken(order, state) }, parts);
