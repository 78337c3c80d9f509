import type { DomainEvent, Role } from '@muster/contracts';
import { Problem, SECOND_MS, toInstant } from '@muster/kernel';
import type { AccessToken, AccessTokens } from './access-tokens.fold.js';
import { tokenByHash } from './access-tokens.fold.js';

export interface AccessTokenOrder {
  readonly tokenHash: string;
  readonly role: Role;
  readonly expiresInSeconds: number | null;
}

export type AccessTokenDecision<T extends DomainEvent['type']> =
  | { readonly kind: 'record'; readonly event: Extract<DomainEvent, { type: T }> }
  /** It is so already: nothing to record. */
  | { readonly kind: 'known'; readonly token: AccessToken }
  | { readonly kind: 'refuse'; readonly problem: Problem };

/** Its end is counted from the moment of recording. The same hash again is the same token, as when an answer was lost. */
export const decideCreateAccessToken = (
  { tokenHash, role, expiresInSeconds }: AccessTokenOrder,
  tokens: AccessTokens,
  { nowMs, tokenId }: { readonly nowMs: number; readonly tokenId: string },
): AccessTokenDecision<'AccessTokenCreated'> => {
  const known = tokenByHash(tokens, tokenHash);
  if (known !== undefined) return { kind: 'known', token: known };
  const expiresAt = expiresInSeconds === null ? null : toInstant(nowMs + expiresInSeconds * SECOND_MS);
  return { kind: 'record', event: { type: 'AccessTokenCreated', data: { tokenId, role, tokenHash, expiresAt } } };
};

/** What was revoked stays so, from the moment it first was. */
export const decideRevokeAccessToken = (tokenId: string, { byId }: AccessTokens): AccessTokenDecision<'AccessTokenRevoked'> => {
  const token = byId.get(tokenId);
  if (token === undefined) return { kind: 'refuse', problem: new Problem('not-found', "There is no access token of this id. The one that the host was started with is its configuration's to change.") };
  return token.revokedAtMs === null ? { kind: 'record', event: { type: 'AccessTokenRevoked', data: { tokenId } } } : { kind: 'known', token };
};
