import type { DomainEvent, Role } from '@muster/contracts';
import { readBy, typesReadBy } from '../folds/readers.js';

/** A bearer token as its ledger knows it: by its hash alone. */
export interface AccessToken {
  readonly tokenId: string;
  readonly role: Role;
  readonly tokenHash: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
  /** Where it was made: tokens are listed in this order. */
  readonly position: number;
}

/** Every token that was ever made: administrators are few. Changed in place. */
export interface AccessTokens {
  readonly byId: Map<string, AccessToken>;
  /** Token hash to token id. */
  readonly ids: Map<string, string>;
}

const isRead = readBy('access');

export const emptyAccessTokens = (): AccessTokens => ({ byId: new Map(), ids: new Map() });

export const applyAccessTokenEvent = (tokens: AccessTokens, { event, position, recordedAtMs }: { readonly event: DomainEvent; readonly position: number; readonly recordedAtMs: number }): AccessTokens => {
  if (!isRead(event)) return tokens;
  switch (event.type) {
    case 'AccessTokenCreated': {
      const { tokenId, role, tokenHash, expiresAt } = event.data;
      tokens.byId.set(tokenId, { tokenId, role, tokenHash, createdAtMs: recordedAtMs, expiresAtMs: expiresAt === null ? null : Date.parse(expiresAt), revokedAtMs: null, position });
      tokens.ids.set(tokenHash, tokenId);
      return tokens;
    }
    case 'AccessTokenRevoked': {
      const token = tokens.byId.get(event.data.tokenId);
      if (token?.revokedAtMs === null) tokens.byId.set(token.tokenId, { ...token, revokedAtMs: recordedAtMs });
      return tokens;
    }
    default:
      return event satisfies never;
  }
};

/** As a follower of the ledger takes it: the few events about access tokens, the rest passed over. */
export const accessTokensFold = {
  name: 'access-tokens',
  wholeTypes: typesReadBy('access'),
  initialState: emptyAccessTokens,
  applyEvent: (tokens: AccessTokens, { row, event }: { readonly row: { readonly position: number; readonly recordedAtMs: number }; readonly event: DomainEvent }): AccessTokens => applyAccessTokenEvent(tokens, { event, position: row.position, recordedAtMs: row.recordedAtMs }),
};

/** The token with this hash, whatever became of it. */
export const tokenByHash = ({ byId, ids }: AccessTokens, tokenHash: string): AccessToken | undefined => byId.get(ids.get(tokenHash) ?? '');

export const tokenStanding = ({ revokedAtMs, expiresAtMs }: AccessToken, nowMs: number): 'valid' | 'expired' | 'revoked' => {
  if (revokedAtMs !== null) return 'revoked';
  return expiresAtMs !== null && nowMs >= expiresAtMs ? 'expired' : 'valid';
};

/** A page in the order that they were made; `next` is where the following one begins. */
export const listAccessTokens = ({ byId }: AccessTokens, { after = 0, limit }: { readonly after?: number | undefined; readonly limit: number }): { readonly tokens: readonly AccessToken[]; readonly next?: number } => {
  const rest = [...byId.values()].filter(({ position }) => position > after);
  const tokens = rest.slice(0, limit);
  const last = tokens.at(-1);
  return rest.length > limit && last !== undefined ? { tokens, next: last.position } : { tokens };
};
