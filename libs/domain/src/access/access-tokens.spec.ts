import type { DomainEvent } from '@muster/contracts';
import { toInstant } from '@muster/kernel';
import { decideCreateAccessToken, decideRevokeAccessToken } from './access-tokens.decide.js';
import type { AccessTokens } from './access-tokens.fold.js';
import { applyAccessTokenEvent, emptyAccessTokens, listAccessTokens, tokenByHash, tokenStanding } from './access-tokens.fold.js';

const NOW_MS = Date.parse('2026-03-01T00:00:00.000Z');
const DAY_MS = 86_400_000;

const created = (n: number, expiresAt: string | null = null): DomainEvent => ({ type: 'AccessTokenCreated', data: { tokenId: `id-${n}`, role: 'operator', tokenHash: `hash-${n}`, expiresAt } });
const revoked = (n: number): DomainEvent => ({ type: 'AccessTokenRevoked', data: { tokenId: `id-${n}` } });

/** As recorded one a day. */
const given = (...events: readonly DomainEvent[]): AccessTokens =>
  events.reduce((tokens, event, index) => applyAccessTokenEvent(tokens, { event, position: index + 1, recordedAtMs: NOW_MS + index * DAY_MS }), emptyAccessTokens());

const at = { nowMs: NOW_MS, tokenId: 'id-9' };

describe('access tokens', () => {
  it('end when they were said to, counted from the moment of recording', () => {
    const order = { tokenHash: 'hash-9', role: 'viewer', expiresInSeconds: 30 * 86_400 } as const;
    expect(decideCreateAccessToken(order, given(), at)).toEqual({
      kind: 'record',
      event: { type: 'AccessTokenCreated', data: { tokenId: 'id-9', role: 'viewer', tokenHash: 'hash-9', expiresAt: toInstant(NOW_MS + 30 * DAY_MS) } },
    });
    expect(decideCreateAccessToken({ ...order, expiresInSeconds: null }, given(), at)).toMatchObject({ event: { data: { expiresAt: null } } });
  });

  it('are made once, though they are asked for twice', () => {
    expect(decideCreateAccessToken({ tokenHash: 'hash-1', role: 'operator', expiresInSeconds: null }, given(created(1)), at)).toMatchObject({ kind: 'known', token: { tokenId: 'id-1' } });
  });

  it('are known by their hash, valid until they end or are revoked', () => {
    const tokens = given(created(1), created(2, toInstant(NOW_MS + DAY_MS)), created(3), revoked(3));
    const standing = (n: number, nowMs: number) => {
      const token = tokenByHash(tokens, `hash-${n}`);
      return token === undefined ? 'unknown' : tokenStanding(token, nowMs);
    };
    expect([1, 2, 3, 4].map((n) => standing(n, NOW_MS))).toEqual(['valid', 'valid', 'revoked', 'unknown']);
    expect(standing(2, NOW_MS + DAY_MS)).toBe('expired');
  });

  it('are revoked once, and stay so from then', () => {
    expect(decideRevokeAccessToken('id-1', given(created(1)))).toEqual({ kind: 'record', event: revoked(1) });
    expect(decideRevokeAccessToken('id-1', given(created(1), revoked(1), revoked(1)))).toMatchObject({ kind: 'known', token: { revokedAtMs: NOW_MS + DAY_MS } });
    expect(decideRevokeAccessToken('id-2', given(created(1)))).toMatchObject({ kind: 'refuse', problem: { kind: 'not-found' } });
  });

  it('are listed page by page in the order that they were made', () => {
    const tokens = given(created(3), created(1), revoked(3), created(2));
    expect(listAccessTokens(tokens, { limit: 2 })).toMatchObject({ tokens: [{ tokenId: 'id-3' }, { tokenId: 'id-1' }], next: 2 });
    expect(listAccessTokens(tokens, { after: 2, limit: 2 })).toEqual({ tokens: [expect.objectContaining({ tokenId: 'id-2' })] });
  });
});
