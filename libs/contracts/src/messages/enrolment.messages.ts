import { z } from 'zod';
import { DAY_SECONDS, MINUTE_SECONDS } from '@muster/kernel';
import { base64url32, instant, position, uuid } from '../formats.js';
import { LISTING_PAGE_MAX } from './renewal.messages.js';

/** More machines than one rollout has; a pool that is larger is enrolled by several tokens. */
export const ENROLMENT_USES_MAX = 1_000_000;

/** A token that is forgotten in a script ends within a year. */
export const ENROLMENT_SECONDS_MAX = 366 * DAY_SECONDS;

const tokenTerms = {
  maximumUses: z.int().positive().max(ENROLMENT_USES_MAX),
  expiresInSeconds: z.int().min(MINUTE_SECONDS).max(ENROLMENT_SECONDS_MAX),
};

/** The body of `POST /v1/enrolment-tokens`. */
export const makeEnrolmentTokenSchema = z.strictObject(tokenTerms);

/** `muster.v1.enrolment.create`: the token itself was made where it is shown, and goes no further. */
export const createEnrolmentTokenSchema = z.strictObject({ ...tokenTerms, tokenKey: base64url32, actor: z.string().max(64) });

/** `muster.v1.enrolment.revoke` */
export const revokeEnrolmentTokenSchema = z.strictObject({ tokenId: uuid, actor: z.string().max(64) });

/** Why a token enrols nobody any more, if so. */
export const enrolmentTokenStandings = ['open', 'spent', 'ended', 'revoked'] as const;

export const enrolmentTokenEntrySchema = z.strictObject({
  tokenId: uuid,
  standing: z.enum(enrolmentTokenStandings),
  maximumUses: z.int().positive(),
  uses: z.int().nonnegative(),
  createdAt: instant,
  expiresAt: instant,
});

/** The answer of `POST /v1/enrolment-tokens`: the only time that the token is shown. */
export const enrolmentTokenMadeSchema = z.strictObject({ ...enrolmentTokenEntrySchema.shape, token: z.string().describe('muster_enrol_ and 43 characters: a secret, shown this once') });

/** `muster.v1.enrolment.list` and the query of `GET /v1/enrolment-tokens` */
export const listEnrolmentTokensSchema = z.strictObject({
  after: uuid.optional().describe('the last token of the page before'),
  limit: z.int().min(1).max(LISTING_PAGE_MAX).default(100),
});

export const enrolmentTokensPageSchema = z.strictObject({
  tokens: z.array(enrolmentTokenEntrySchema),
  next: z.string().optional(),
  machinesEnrolled: z.int().nonnegative(),
  head: position,
});

export type CreateEnrolmentToken = Readonly<z.infer<typeof createEnrolmentTokenSchema>>;
export type RevokeEnrolmentToken = Readonly<z.infer<typeof revokeEnrolmentTokenSchema>>;
export type EnrolmentTokenStanding = (typeof enrolmentTokenStandings)[number];
export type EnrolmentTokenEntry = Readonly<z.infer<typeof enrolmentTokenEntrySchema>>;
export type EnrolmentTokenMade = Readonly<z.infer<typeof enrolmentTokenMadeSchema>>;
export type ListEnrolmentTokens = Readonly<z.infer<typeof listEnrolmentTokensSchema>>;
export type EnrolmentTokensPage = Readonly<z.infer<typeof enrolmentTokensPageSchema>>;
