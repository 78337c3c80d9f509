import type { AccessTokenRecorded, AccessTokenRevokedAnswer, RecordAccessToken, RecordedEvent, RevokeAccessToken } from '@muster/contracts';
import type { AccessToken, AccessTokens, HostState } from '@muster/domain';
import { decideCreateAccessToken, decideRevokeAccessToken, wasEverProduction } from '@muster/domain';
import type { ActParts, ActRound, Decision, Follower } from '@muster/event-store';
import { recordAct } from '@muster/event-store';
import type { Draws } from '@muster/kernel';
import { toInstant } from '@muster/kernel';
import type { ServiceClock } from '@muster/service';
import { decideUnlessProduction } from '@muster/service';

export interface AccessWriterParts extends ActParts {
  readonly clock: ServiceClock;
  readonly draws: Draws;
  readonly tokens: Follower<AccessTokens>;
  readonly host: Follower<HostState>;
}

type DecideOne<Answer> = (tokens: AccessTokens, nowMs: number) => Decision<Answer>;

const record = <Answer>(parts: AccessWriterParts, decideOne: DecideOne<Answer>): Promise<Answer> => {
  const { clock, tokens, host } = parts;
  const from = { 'The access tokens': tokens, 'The state of the host': host };
  const decide = decideUnlessProduction(clock, () => wasEverProduction(host.state), async ({ nowMs }: ActRound) => decideOne(tokens.state, nowMs));
  return recordAct({ from, decide }, parts);
};

const recordedAnswer = ({ tokenId, role, expiresAtMs, position }: AccessToken): AccessTokenRecorded => ({ tokenId, role, expiresAt: expiresAtMs === null ? null : toInstant(expiresAtMs), position });

/**
 * Records a token by its hash. Who it is for is personal data: it stands beside the ledger, under the hash and the id of the token, and can be erased.
 *
 * @throws Problem `unavailable`, `clock-skew`, `time-step`: to be tried again
 */
export const createAccessToken = (order: RecordAccessToken, parts: AccessWriterParts): Promise<AccessTokenRecorded> =>
  record(parts, (tokens, nowMs) => {
    const decision = decideCreateAccessToken(order, tokens, { nowMs, tokenId: parts.draws.uuid() });
    switch (decision.kind) {
      case 'refuse':
        return decision;
      case 'known':
        return { kind: 'answer', answer: () => recordedAnswer(decision.token) };
      case 'record': {
        const { event } = decision;
        const { tokenId, tokenHash, role, expiresAt } = event.data;
        return {
          kind: 'record',
          events: [{ event, actor: order.actor, requestId: null, causedByPrevious: false }],
          outcomeIndex: 0,
          ...(order.note === null ? {} : { personal: { machine: tokenHash, requestId: tokenId, hostname: order.note, address: null } }),
          answer: ([recorded]) => ({ tokenId, role, expiresAt, position: (recorded as RecordedEvent).position }),
        };
      }
      default:
        return decision satisfies never;
    }
  });

/**
 * Records that a token is good for nothing any more.
 *
 * @throws Problem `not-found`; `unavailable`, `clock-skew`, `time-step`: to be tried again
 */
export const revokeAccessToken = ({ tokenId, actor }: RevokeAccessToken, parts: AccessWriterParts): Promise<AccessTokenRevokedAnswer> =>
  record(parts, (tokens) => {
    const decision = decideRevokeAccessToken(tokenId, tokens);
    switch (decision.kind) {
      case 'refuse':
        return decision;
      case 'known':
        return { kind: 'answer', answer: () => ({ tokenId, revokedAt: toInstant(decision.token.revokedAtMs ?? decision.token.createdAtMs) }) };
      case 'record':
        return {
          kind: 'record',
          events: [{ event: decision.event, actor, requestId: null, causedByPrevious: false }],
          outcomeIndex: 0,
          answer: ([recorded]) => ({ tokenId, revokedAt: toInstant((recorded as RecordedEvent).recordedAtMs) }),
        };
      default:
        return decision satisfies never;
    }
  });
