import type { z } from 'zod';

/** Long names come from strangers; a pointer need not carry more of them than a person reads. */
const POINTER_CHARACTERS_MAX = 128;

const escapeToken = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');

export interface SchemaIssue {
  /** JSON Pointer (RFC 6901) of the first failing member. */
  readonly pointer: string;
  readonly message: string;
}

export const firstIssueOf = (error: z.ZodError): SchemaIssue => {
  const issue = error.issues[0];
  if (issue === undefined) return { pointer: '', message: 'invalid' };
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  const pointer = path.map((token) => `/${escapeToken(String(token))}`).join('');
  return {
    pointer: pointer.slice(0, POINTER_CHARACTERS_MAX),
    message: issue.code === 'unrecognized_keys' ? 'is not a known member' : issue.message,
  };
};
