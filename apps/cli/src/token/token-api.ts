import type { AccessTokenCreatedAnswer, AccessTokenEntry, AccessTokenRevokedAnswer, CreateAccessToken } from '@muster/contracts';
import { accessTokenCreatedAnswerSchema, accessTokenRevokedAnswerSchema, accessTokensPageSchema, LISTING_PAGE_MAX } from '@muster/contracts';
import { type CalledAs, callerOf } from '../api/caller.js';

const TIMEOUT_MS = 10_000;

/** The access tokens of a host. Every call rejects with `CliFailure`. */
export interface TokenApi {
  create(order: CreateAccessToken): Promise<AccessTokenCreatedAnswer>;
  /** All of them, in the order that they were made. */
  list(): Promise<readonly AccessTokenEntry[]>;
  revoke(tokenId: string): Promise<AccessTokenRevokedAnswer>;
}

export const tokenApi = (access: CalledAs): TokenApi => {
  const caller = callerOf(access);
  const pageAfter = (after: number) => caller.json({ path: `/v1/access-tokens?after=${after}&limit=${LISTING_PAGE_MAX}`, schema: accessTokensPageSchema, timeoutMs: TIMEOUT_MS });
  return {
    create: (order) =>
      caller.json({
        path: '/v1/access-tokens',
        schema: accessTokenCreatedAnswerSchema,
        timeoutMs: TIMEOUT_MS,
        request: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(order) },
      }),
    list: async () => {
      const tokens: AccessTokenEntry[] = [];
      for (let after: number | undefined = 0; after !== undefined; ) {
        const page: Awaited<ReturnType<typeof pageAfter>> = await pageAfter(after);
        tokens.push(...page.tokens);
        after = page.next;
      }
      return tokens;
    },
    revoke: (tokenId) => caller.json({ path: `/v1/access-tokens/${tokenId}`, schema: accessTokenRevokedAnswerSchema, timeoutMs: TIMEOUT_MS, request: { method: 'DELETE' } }),
  };
};
