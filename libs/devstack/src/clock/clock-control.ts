import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ControlledClock, controlledClockSchema } from '@muster/contracts';
import type { Clock } from '@muster/kernel';
import { SECOND_MS, systemClock } from '@muster/kernel';

/** The hand on a controlled clock: its time is the real one, and so far ahead of it as it was ever advanced. */
export interface ClockControl extends Clock {
  /** Moves the clock forward. Once it answers, whatever a service reads is the new time. Answers that time in milliseconds. @throws RangeError for a step back */
  advance(seconds: number): number;
}

/** By rename: a service reads the old file or the new one, whole. */
const replace = (file: string, clock: ControlledClock): void => {
  const draft = `${file}.${randomUUID()}.draft`;
  writeFileSync(draft, `${JSON.stringify(clock)}\n`, { flag: 'wx' });
  renameSync(draft, file);
};

/**
 * Takes the clock in `file` in hand, or makes one that shows the real time. One hand at a time: two that advance it at once may lose a step.
 *
 * @throws Error when the file is not a clock's
 */
export const openClockControl = (file: string): ClockControl => {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    replace(file, { aheadMs: 0 });
  }
  const read = (): ControlledClock => controlledClockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  read();
  const nowMs = (): number => systemClock.nowMs() + read().aheadMs;
  return {
    nowMs,
    advance: (seconds) => {
      if (!(seconds >= 0)) throw new RangeError(`a controlled clock moves forward only, not by ${seconds} s`);
      replace(file, controlledClockSchema.parse({ aheadMs: Math.round(read().aheadMs + seconds * SECOND_MS) }));
      return nowMs();
    },
  };
};
