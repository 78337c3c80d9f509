import { BACKOFF_FIRST_SECONDS } from './policy.js';

/** More doublings than this exceed every interval that a policy may name (30 days). */
const DOUBLINGS_MAX = 16;

/** The wait after so many failed rounds in a row: doubling up to the retry interval, drawn from the upper half so that machines which failed together do not return together. */
export const backoffSeconds = ({ rounds, retryAfterSeconds, unit }: { readonly rounds: number; readonly retryAfterSeconds: number; readonly unit: number }): number => {
  const cap = Math.min(retryAfterSeconds, BACKOFF_FIRST_SECONDS * 2 ** Math.min(rounds - 1, DOUBLINGS_MAX));
  return (cap / 2) * (1 + unit);
};
