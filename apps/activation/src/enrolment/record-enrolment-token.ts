import type { CreateEnrolmentToken, EnrolmentTokenEntry, RevokeEnrolmentToken } from '@muster/contracts';
import type { EnrolmentState, HostState, TokenDecision } from '@muster/domain';
import { decideCreateToken, decideRevokeToken, tokenEntry, wasEverProduction } from '@muster/domain';
import type { ActParts, ActRound, Decision, Follower } from '@muster/event-store';
import { recordAct } from '@muster/event-store';
import { refuse } from '@muster/issuance';
import type { Draws } from '@muster/kernel';
import type { ServiceClock } from '@muster/service';
import { decideUnlessProduction } from '@muster/service';

export interface EnrolmentWriterParts extends ActParts {
  readonly clock: ServiceClock;
  readonly draws: Draws;
  readonly enrolment: Follower<EnrolmentState>;
  readonly host: Follower<HostState>;
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
  const { clock, enrolment, host } = parts;
  const from = { 'The enrolment tokens': enrolment, 'The state of the host': host };
  const decide = decideUnlessProduction(clock, () => wasEverProduction(host.state), async ({ nowMs }: ActRound) => decisionOf(act, enrolment.state, nowMs));
  return recordAct({ from, decide }, parts);
};

/** Records a token by its public half. @throws Problem `unavailable`, `clock-skew`, `time-step`: to be tried again */
export const createEnrolmentToken = (order: CreateEnrolmentToken, parts: EnrolmentWriterParts): Promise<EnrolmentTokenEntry> =>
  record({ actor: order.actor, decide: (state, nowMs) => decideCreateToken(order, state, { tokenId: parts.draws.uuid(), nowMs }) }, parts);

/** Records that a token enrols nobody any more. @throws Problem `not-found`; `unavailable`, `clock-skew`, `time-step`: to be tried again */
export const revokeEnrolmentToken = (order: RevokeEnrolmentToken, parts: EnrolmentWriterParts): Promise<EnrolmentTokenEntry> =>
  record({ actor: order.actor, decide: (state) => decideRevokeToken(order, state) }, parts);
