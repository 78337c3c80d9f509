import type { ProductPolicy } from '@muster/contracts';
import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS, SECOND_MS } from '@muster/kernel';

/** A request this soon after its drawn moment is punctual: the draws themselves spread those over the week. */
const PUNCTUAL_MS = 15 * MINUTE_SECONDS * SECOND_MS;

/** Of the long-run rate: with the punctual ones on top, an hour after an outage stays under 3 times an ordinary one. */
const CATCH_UP_RATE = 2;

/** A small fleet's rate is a few an hour, where chance alone makes twice as many; a host that has work for so few is not overloaded. */
const GRANTED_AN_HOUR_MIN = 10;

/** Late machines return on one of so many following days: enough for a day's backlog at {@link CATCH_UP_RATE}. */
const RETURN_DAYS = 3;

/** Whoever is awake now is likely to be awake at this time of another day, or within half a working day after it. */
const RETURN_SPREAD_SECONDS = 6 * HOUR_SECONDS;

export interface PaceContext {
  readonly nowMs: number;
  readonly lease: { readonly issuedAtMs: number; readonly expiresAtMs: number };
  /** The moment that the machine drew in its window, as it says; null when it says none. */
  readonly drawnForMs: number | null;
  /** Leases of the host that run. */
  readonly running: number;
  /** Renewals that the host granted in the hour before now. */
  readonly grantedLastHour: number;
  readonly product: Pick<ProductPolicy, 'renewAfterSeconds'>;
  /** Uniform in [0, 1). */
  readonly spread: number;
}

export type Pace = { readonly status: 'now' } | { readonly status: 'later'; readonly retryAfterSeconds: number };

const isPunctual = ({ nowMs, drawnForMs }: PaceContext): boolean => drawnForMs !== null && Math.abs(nowMs - drawnForMs) <= PUNCTUAL_MS;

const isPastHalf = ({ nowMs, lease }: PaceContext, thenMs = nowMs): boolean => 2 * (lease.expiresAtMs - thenMs) <= lease.expiresAtMs - lease.issuedAtMs;

const roomAnHour = ({ running, product }: PaceContext): number =>
  Math.max(GRANTED_AN_HOUR_MIN, (CATCH_UP_RATE * running * HOUR_SECONDS) / product.renewAfterSeconds);

/** One draw for both: its coarse part says the day, its fine part the hour. */
const returnAfterSeconds = (spread: number): number => {
  const day = Math.floor(spread * RETURN_DAYS);
  return Math.ceil((1 + day) * DAY_SECONDS + (spread * RETURN_DAYS - day) * RETURN_SPREAD_SECONDS);
};

/**
 * Whether a renewal is taken now or asked to return on one of the following days.
 *
 * After an outage all machines that missed their moment come at once, and would come together again every week. So late ones are taken only up to twice
 * the host's long-run rate. Nobody is sent away who came at its moment, or whose lease has, or would by then have, less than half its length left.
 */
export const paceRenewal = (context: PaceContext): Pace => {
  if (isPunctual(context) || isPastHalf(context) || context.grantedLastHour < roomAnHour(context)) return { status: 'now' };
  const retryAfterSeconds = returnAfterSeconds(context.spread);
  return isPastHalf(context, context.nowMs + retryAfterSeconds * SECOND_MS) ? { status: 'now' } : { status: 'later', retryAfterSeconds };
};
