import type { AccessTokenEntry } from '@muster/contracts';
import { createdLines, tokenLines } from './token-lines.js';

const CREATED = '2026-03-01T00:00:00.000Z';
const END = '2026-04-01T00:00:00.000Z';

const entry = (tokenId: string, more: Partial<AccessTokenEntry> = {}): AccessTokenEntry => ({
  tokenId,
  role: 'viewer',
  standing: 'valid',
  createdAt: CREATED,
  expiresAt: null,
  revokedAt: null,
  note: null,
  ...more,
});

describe('access tokens on the terminal', () => {
  it('are alone on their line when they are made, with their role and end beside', () => {
    const [token, ...rest] = createdLines({ tokenId: 'id-1', role: 'viewer', expiresAt: null, position: 7, token: 'muster_secret' });
    expect(token).toBe('muster_secret');
    expect(rest.join('\n')).toContain('role viewer, until no end; id id-1');
    expect(rest.join('\n')).not.toContain('muster_secret');
  });

  it('are a table when they are listed', () => {
    const lines = tokenLines([entry('id-1', { note: 'night shift' }), entry('id-2', { role: 'admin', standing: 'expired', expiresAt: END }), entry('id-3', { standing: 'revoked', expiresAt: END, revokedAt: CREATED })]);
    expect(lines.map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
      'ID | ROLE | STANDING | CREATED | UNTIL | NOTE',
      `id-1 | viewer | valid | ${CREATED} | no end | night shift`,
      `id-2 | admin | expired | ${CREATED} | ${END}`,
      `id-3 | viewer | revoked | ${CREATED} | ${CREATED}`,
    ]);
    expect(tokenLines([])).toEqual(['No access tokens were made; there is the one that the host was started with.']);
  });
});
