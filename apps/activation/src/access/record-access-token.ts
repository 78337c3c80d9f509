import type { AccessTokenRecorded, AccessTokenRevokedAnswer, RecordAccessToken, RecordedEvent, RevokeAccessToken } from '@muster/contracts';
import type { AccessToken, AccessTokens, HostState } from '@muster/domain';
import { decideCreateAccessToken, decideRevokeAccessToken, wasEverProduction } from '@muster/domain';
import type { DecidedRound, Decision, EventStore, Follower, OnAppended, WriteRound } from '@muster/event-store';
import { createLedgerWriter } from '@muster/event-store';
import type { Draws } from '@muster/kernel';
import { Problem, toInstant } from '@muster/kernel';
import type { ServiceClock } from '@muster/service';
import { decideUnlessProduction } from '@muster/service';
import { hostAtHead } from '../wiring/host-at-head.js';

/** How long the state of the tokens may take to reach the head that a round was read at. */
const CATCH_UP_MS_MAX = 1000;

export interface AccessWriterParts {
  readonly store: EventStore;
  readonly ledger: string;
  readonly clock: ServiceClock;
  readonly draws: Draws;
  readonly tokens: Follower<AccessTokens>;
  readonly host: Follower<HostState>;
  readonly onAppended: OnAppended;
}

type DecideOne<Answer> = (tokens: AccessTokens, nowMs: number) => Decision<Answer>;

/** Decides one administrator's act by the one rule, against the tokens as of the head. */
const record = async <Answer>({ store, ledger, clock, tokens, host, onAppended }: AccessWriterParts, decideOne: DecideOne<Answer>): Promise<Answer> => {
  const decide = async ({ head, nowMs, commands }: WriteRound<null>): Promise<DecidedRound<Answer>> => {
    if (!(await tokens.catchUpTo(head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', 'The access tokens cannot be read.');
    if ((await hostAtHead(head, host)) === undefined || tokens.position !== head.position) return { status: 'moved' };
    return { status: 'decided', decisions: commands.map(() => decideOne(tokens.state, nowMs)) };
  };
  const guarded = decideUnlessProduction(clock, () => wasEverProduction(host.state), decide);
  const writer = createLedgerWriter<null, Answer>({ store, ledger, clock, identify: () => null, onAppended, decide: guarded });
  try {
    return await writer.submit(null);
  } finally {
    await writer.stop();
  }
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
