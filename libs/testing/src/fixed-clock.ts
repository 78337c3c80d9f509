import { SECOND_MS } from '@muster/kernel';
import type { Clock } from '@muster/kernel';

/** 2026-01-05T08:00:00Z, a Monday morning: when tests begin that do not care when. */
export const TEST_START_MS = Date.UTC(2026, 0, 5, 8);

export interface FixedClock extends Clock {
  readonly advance: (seconds: number) => void;
  /** May also go back: clocks do. */
  readonly set: (epochMs: number) => void;
}

/** A clock that stands still until it is moved. */
export const fixedClock = (startMs: number = TEST_START_MS): FixedClock => {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    advance: (seconds) => {
      nowMs += seconds * SECOND_MS;
    },
    set: (epochMs) => {
      nowMs = epochMs;
    },
  };
};
