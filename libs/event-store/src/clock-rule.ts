import { Problem, SECOND_MS } from '@muster/kernel';

/** DESIGN section 2: beyond this a clock is wrong, and what it would write could not be taken back. */
export const CLOCK_SKEW_MS_MAX = 5 * SECOND_MS;

export const clockSkew = (nowMs: number, storeNowMs: number): Problem => {
  const clockOffsetMs = Math.round(nowMs - storeNowMs);
  return new Problem('clock-skew', `this host's clock is ${clockOffsetMs / SECOND_MS} s off the store's; at most ${CLOCK_SKEW_MS_MAX / SECOND_MS} s are allowed`, { extensions: { clockOffsetMs } });
};
