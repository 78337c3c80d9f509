import { DAY_SECONDS, Problem, SECOND_MS, toInstant } from '@muster/kernel';
import type { AppendBatch, Head } from './event-store.port.js';

/** DESIGN section 2: beyond this a clock is wrong, and what it would write could not be taken back. */
export const CLOCK_SKEW_MS_MAX = 5 * SECOND_MS;

/**
 * The default count window. By default the two clocks above are one machine's, and wrong together: a step longer than this would age every
 * machine out of every count, and time never goes back. Somebody has to say that it is right.
 */
export const TIME_STEP_MS_MAX = 30 * DAY_SECONDS * SECOND_MS;

export const clockSkew = (nowMs: number, storeNowMs: number): Problem => {
  const clockOffsetMs = Math.round(nowMs - storeNowMs);
  return new Problem('clock-skew', `this host's clock is ${clockOffsetMs / SECOND_MS} s off the store's; at most ${CLOCK_SKEW_MS_MAX / SECOND_MS} s are allowed`, { extensions: { clockOffsetMs } });
};

type HeadTime = Pick<Head, 'position' | 'recordedAtMs'>;

/** Whether an operator has to accept that the ledger goes on at this time. An empty ledger begins whenever it begins. */
export const isTimeStep = ({ position, recordedAtMs }: HeadTime, nowMs: number): boolean => position > 0 && nowMs - recordedAtMs > TIME_STEP_MS_MAX;

export const timeStep = ({ recordedAtMs }: HeadTime, nowMs: number): Problem => {
  const [from, to] = [toInstant(recordedAtMs), toInstant(nowMs)];
  const days = TIME_STEP_MS_MAX / SECOND_MS / DAY_SECONDS;
  const remedy = 'Set the clock if it is wrong; if it is right, run `muster host accept-time`';
  return new Problem('time-step', `the ledger's last event is of ${from} and this host's clock says ${to}, more than ${days} days later. ${remedy}; nothing is recorded until then`, { extensions: { from, to } });
};

/** Whether a batch begins with the operator's decision on exactly the step that it makes: the ledger itself shows who let time jump. */
export const acceptsTimeStep = ({ expectedHead, recordedAtMs, events }: AppendBatch): boolean => {
  const event = events[0]?.event;
  return event?.type === 'TimeStepAccepted' && event.data.from === toInstant(expectedHead.recordedAtMs) && event.data.to === toInstant(recordedAtMs);
};
