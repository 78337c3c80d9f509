import type { AccessTokenCreatedAnswer, AccessTokenEntry } from '@muster/contracts';
import { tableLines } from '../terminal/table.js';

const until = (expiresAt: string | null): string => expiresAt ?? 'no end';

/** The token stands alone on its line, to be taken from there. */
export const createdLines = ({ token, tokenId, role, expiresAt }: AccessTokenCreatedAnswer): readonly string[] => [
  token,
  `  role ${role}, until ${until(expiresAt)}; id ${tokenId} (\`muster token revoke ${tokenId}\` ends it)`,
  '  It is not shown again: only its hash is kept.',
];

export const tokenLines = (tokens: readonly AccessTokenEntry[]): readonly string[] =>
  tokens.length === 0
    ? ['No access tokens were made; there is the one that the host was started with.']
    : tableLines<AccessTokenEntry>(
        [
          { title: 'ID', cell: ({ tokenId }) => tokenId },
          { title: 'ROLE', cell: ({ role }) => role },
          { title: 'STANDING', cell: ({ standing }) => standing },
          { title: 'CREATED', cell: ({ createdAt }) => createdAt },
          { title: 'UNTIL', cell: ({ expiresAt, revokedAt }) => revokedAt ?? until(expiresAt) },
          { title: 'NOTE', cell: ({ note }) => note ?? '' },
        ],
        tokens,
      );
