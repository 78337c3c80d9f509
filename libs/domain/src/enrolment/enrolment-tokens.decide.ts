import type { CreateEnrolmentToken, EnrolmentTokenEntry, EnrolmentTokensPage, EnrolmentTokenStanding, EventOf, ListEnrolmentTokens, RevokeEnrolmentToken } from '@muster/contracts';
import { SECOND_MS, toInstant } from '@muster/kernel';
import type { Rejection } from '../activation/screen-request.rule.js';
import { reject } from '../activation/screen-request.rule.js';
import { pageOf } from '../listing/page-of.js';
import type { EnrolmentState, KnownEnrolmentToken } from './enrolment.fold.js';

/** An administrator's act: recorded, or nothing to record because it is so already, or refused; `token` as it is then. */
export type TokenDecision =
  | Rejection
  | { readonly status: 'known'; readonly token: KnownEnrolmentToken }
  | { readonly status: 'recorded'; readonly token: KnownEnrolmentToken; readonly event: EventOf<'EnrolmentTokenCreated' | 'EnrolmentTokenRevoked'> };

interface TokenContext {
  readonly tokenId: string;
  readonly nowMs: number;
}

/** The same public half twice is the same token: a repeat after an answer that was lost on the way. */
export const decideCreateToken = ({ tokenKey, maximumUses, expiresInSeconds }: CreateEnrolmentToken, { tokens, tokenIds }: EnrolmentState, { tokenId, nowMs }: TokenContext): TokenDecision => {
  const known = tokens.get(tokenIds.get(tokenKey) ?? '');
  if (known !== undefined) return { status: 'known', token: known };
  const expiresAtMs = nowMs + expiresInSeconds * SECOND_MS;
  const token: KnownEnrolmentToken = { tokenId, key: tokenKey, maximumUses, uses: 0, createdAtMs: nowMs, expiresAtMs, revoked: false };
  return { status: 'recorded', token, event: { type: 'EnrolmentTokenCreated', data: { tokenId, tokenKey, maximumUses, expiresAt: toInstant(expiresAtMs) } } };
};

/** Whoever enrolled by it stays enrolled. */
export const decideRevokeToken = ({ tokenId }: RevokeEnrolmentToken, { tokens }: EnrolmentState): TokenDecision => {
  const token = tokens.get(tokenId);
  if (token === undefined) return reject('not-found', `The ledger holds no enrolment token ${tokenId}.`);
  if (token.revoked) return { status: 'known', token };
  return { status: 'recorded', token: { ...token, revoked: true }, event: { type: 'EnrolmentTokenRevoked', data: { tokenId } } };
};

const standingAt = ({ revoked, uses, maximumUses, expiresAtMs }: KnownEnrolmentToken, nowMs: number): EnrolmentTokenStanding => {
  if (revoked) return 'revoked';
  if (uses >= maximumUses) return 'spent';
  return nowMs >= expiresAtMs ? 'ended' : 'open';
};

/** A token as an administrator is told of it. */
export const tokenEntry = (token: KnownEnrolmentToken, nowMs: number): EnrolmentTokenEntry => ({
  tokenId: token.tokenId,
  standing: standingAt(token, nowMs),
  maximumUses: token.maximumUses,
  uses: token.uses,
  createdAt: toInstant(token.createdAtMs),
  expiresAt: toInstant(token.expiresAtMs),
});

/** One page of the tokens, by their ids. */
export const listTokens = ({ tokens, machines }: EnrolmentState, { after, limit }: ListEnrolmentTokens, nowMs: number): Omit<EnrolmentTokensPage, 'head'> => {
  const { entries, next } = pageOf(tokens.values(), { keyOf: ({ tokenId }) => tokenId, wanted: () => true, limit, after });
  return { tokens: entries.map((token) => tokenEntry(token, nowMs)), ...(next === undefined ? {} : { next }), machinesEnrolled: machines.size };
};
