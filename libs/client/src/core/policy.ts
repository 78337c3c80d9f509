import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS } from '@muster/kernel';

/** How a client behaves until a host has told it otherwise; each answer's intervals replace these. */
export interface ClientIntervals {
  readonly renewAfterSeconds: number;
  readonly retryAfterSeconds: number;
}

/** What administrators know from KMS: renew every 7 days, without a lease ask every 2 hours. */
export const clientDefaults: ClientIntervals = { renewAfterSeconds: 7 * DAY_SECONDS, retryAfterSeconds: 2 * HOUR_SECONDS };

/** When a lease that runs out is worth a word. */
export interface WarningThresholds {
  /** Left of the lease when the machine should be looked at; half the lease when not given. */
  readonly graceSeconds?: number;
  /** Left of the lease when whoever uses the product should know; 30 days when not given. */
  readonly notificationSeconds?: number;
}

export const NOTIFICATION_SECONDS_DEFAULT = 30 * DAY_SECONDS;

/** A clock is corrected in steps of this size every day: no reason to speak of a clock set back, nor to write a file for it. */
export const CLOCK_TOLERANCE_SECONDS = 10 * MINUTE_SECONDS;

/** The first wait after a round without an answer; it doubles up to the policy's retry interval. */
export const BACKOFF_FIRST_SECONDS = MINUTE_SECONDS;

/**
 * Below this share of its length a lease no longer waits for others: an overloaded host may send the machine away only for the retry interval.
 * It is also how long a remembered host may fail before it is forgotten.
 */
export const LEASE_RESERVE_SHARE = 0.5;
