import { DAY_SECONDS, HOUR_SECONDS } from '@muster/kernel';

/** Machines with time are told to come back over this span: an outage of a day or two is worked off in the days after it, not in its last hour. */
const SPREAD_SECONDS = 3 * DAY_SECONDS;

/**
 * When an overloaded host tells a machine to come back that still has more than half of its lease (90 days of 180): an hour later or up to three days,
 * drawn. `undefined` for a machine with less, which tries again soon as everybody does.
 *
 * @param spread uniform in [0, 1)
 */
export const retryWhenOverloaded = ({ remainingSeconds, leaseSeconds, spread }: { readonly remainingSeconds: number; readonly leaseSeconds: number; readonly spread: number }): number | undefined =>
  remainingSeconds > leaseSeconds / 2 ? HOUR_SECONDS + Math.floor(spread * SPREAD_SECONDS) : undefined;
