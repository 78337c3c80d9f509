import { z } from 'zod';
import { roles } from '../events/access.events.js';
import { base64url32, instant, position, thumbprint, uuid } from '../formats.js';
import { LISTING_PAGE_MAX } from './renewal.messages.js';

/** Ten years: a token that should outlive that has no end. */
export const TOKEN_SECONDS_MAX = 10 * 366 * 24 * 60 * 60;

/** Who a token is for, in the words of whoever made it: personal data, kept beside the ledger. */
// eslint-disable-next-line no-control-regex -- control characters are what is refused
const note = z.string().trim().min(1).max(200).regex(/^[^\u0000-\u001f\u007f]+$/, 'no control characters');

const expiresInSeconds = z.int().positive().max(TOKEN_SECONDS_MAX);

/** `POST /v1/access-tokens` */
export const createAccessTokenSchema = z.strictObject({
  role: z.enum(roles),
  expiresInSeconds: expiresInSeconds.optional().describe('never, when left out'),
  note: note.optional(),
});

/** `muster.v1.access.create`: the token itself stays with the gateway, which shows it once. */
export const recordAccessTokenSchema = z.strictObject({
  tokenHash: base64url32,
  role: z.enum(roles),
  expiresInSeconds: expiresInSeconds.nullable(),
  note: note.nullable(),
  actor: z.string().max(64),
});

export const accessTokenRecordedSchema = z.strictObject({ tokenId: uuid, role: z.enum(roles), expiresAt: instant.nullable(), position });

/** 201 of `POST /v1/access-tokens`: the one answer that the token is ever in. */
export const accessTokenCreatedAnswerSchema = z.strictObject({ ...accessTokenRecordedSchema.shape, token: z.string().describe('shown this once') });

/** `muster.v1.access.revoke`. Revoked twice, it is revoked once. */
export const revokeAccessTokenSchema = z.strictObject({ tokenId: uuid, actor: z.string().max(64) });

export const accessTokenRevokedAnswerSchema = z.strictObject({ tokenId: uuid, revokedAt: instant });

/** `muster.v1.access.identify` */
export const identifyAccessTokenSchema = z.strictObject({ tokenHash: base64url32 });

/** Whether a token is past its end is for whoever asks to say, at each request. */
export const accessTokenIdentifiedSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('known'), tokenId: uuid, role: z.enum(roles), expiresAt: instant.nullable() }),
  z.strictObject({ status: z.literal('revoked') }),
  z.strictObject({ status: z.literal('unknown') }),
]);

export const accessTokenStandings = ['valid', 'expired', 'revoked'] as const;

/** `muster.v1.access.list` and the query of `GET /v1/access-tokens`: in the order that they were made. */
export const listAccessTokensSchema = z.strictObject({
  after: position.optional().describe('the `next` of the page before'),
  limit: z.int().min(1).max(LISTING_PAGE_MAX).default(100),
});

export const accessTokenEntrySchema = z.strictObject({
  tokenId: uuid,
  role: z.enum(roles),
  standing: z.enum(accessTokenStandings),
  createdAt: instant,
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
  note: note.nullable(),
});

export const accessTokensPageSchema = z.strictObject({ tokens: z.array(accessTokenEntrySchema), next: position.optional(), head: position });

/** `muster.v1.ledger.is-recorded`: has this request an outcome already? So that a repeat is told from more of the same. */
export const isRecordedSchema = z.strictObject({ machine: thumbprint, requestId: uuid });
export const isRecordedAnswerSchema = z.strictObject({ recorded: z.boolean() });

export type CreateAccessToken = Readonly<z.infer<typeof createAccessTokenSchema>>;
export type RecordAccessToken = Readonly<z.infer<typeof recordAccessTokenSchema>>;
export type AccessTokenRecorded = Readonly<z.infer<typeof accessTokenRecordedSchema>>;
export type AccessTokenCreatedAnswer = Readonly<z.infer<typeof accessTokenCreatedAnswerSchema>>;
export type RevokeAccessToken = Readonly<z.infer<typeof revokeAccessTokenSchema>>;
export type AccessTokenRevokedAnswer = Readonly<z.infer<typeof accessTokenRevokedAnswerSchema>>;
export type AccessTokenIdentified = Readonly<z.infer<typeof accessTokenIdentifiedSchema>>;
export type ListAccessTokens = Readonly<z.infer<typeof listAccessTokensSchema>>;
export type AccessTokenStanding = (typeof accessTokenStandings)[number];
export type AccessTokenEntry = Readonly<z.infer<typeof accessTokenEntrySchema>>;
export type AccessTokensPage = Readonly<z.infer<typeof accessTokensPageSchema>>;
