import { randomBytes } from 'node:crypto';
import { hashOfToken } from '@muster/service';

/** What nobody guesses: as much as the hash itself can tell apart. */
const TOKEN_BYTES = 32;

/** Begins every token, so that a scanner finds one that strayed into a repository or a chat. */
const TOKEN_PREFIX = 'muster_';

export interface NewAccessToken {
  readonly token: string;
  readonly tokenHash: string;
}

export const newAccessToken = (): NewAccessToken => {
  const token = `${TOKEN_PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  return { token, tokenHash: hashOfToken(token) };
};
