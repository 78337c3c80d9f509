import { unitOf } from '../chance/chance.js';
import type { Span } from '../simulation-time.js';
import { DAY_MS, HOUR_MS, isWithin, START_MS } from '../simulation-time.js';
import type { Habits } from './habits.js';

const WEEKEND_LAPTOPS = 0.3;
/** Days off that have nothing to do with the calendar: holidays, illness. */
const DAYS_OFF = 0.08;
/** Work begins up to half an hour before or after the usual time. */
const MORNING_JITTER_MS = HOUR_MS;

/** Draws of one day of one machine. */
const OCCASIONS_A_DAY = 3;

const ALWAYS: Span = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };

interface Sleeper {
  readonly seed: number;
  /** Which machine of the fleet. */
  readonly index: number;
  readonly habits: Habits;
}

const isWorkingDay = ({ seed, index, habits }: Sleeper, day: number): boolean => {
  const unit = unitOf(seed, index, day * OCCASIONS_A_DAY);
  // The run begins on a Monday.
  const weekend = ((day % 7) + 7) % 7 >= 5;
  return weekend ? habits.kind === 'laptop' && unit < WEEKEND_LAPTOPS : unit >= DAYS_OFF;
};

/** When a sleeper is awake on a day of its own site, if it is. */
const wakingSpan = (sleeper: Sleeper, day: number): Span | undefined => {
  if (!isWorkingDay(sleeper, day)) return undefined;
  const { seed, index, habits } = sleeper;
  const jitterMs = Math.floor((unitOf(seed, index, day * OCCASIONS_A_DAY + 1) - 0.5) * MORNING_JITTER_MS);
  const fromMs = START_MS + day * DAY_MS - habits.zoneMs + habits.morningMs + jitterMs;
  return { fromMs, toMs: fromMs + habits.workdayMs };
};

const dayAt = ({ habits }: Sleeper, atMs: number): number => Math.floor((atMs - START_MS + habits.zoneMs) / DAY_MS);

/** The stretch in which it is awake now, if it is. */
export const awakeAt = (sleeper: Sleeper, atMs: number): Span | undefined => {
  if (sleeper.habits.kind === 'server') return ALWAYS;
  const span = wakingSpan(sleeper, dayAt(sleeper, atMs));
  return span !== undefined && isWithin(span, atMs) ? span : undefined;
};

/** The next moment, from now on, at which it is awake. */
export const nextAwakeMs = (sleeper: Sleeper, atMs: number): number => {
  if (sleeper.habits.kind === 'server') return atMs;
  for (let day = dayAt(sleeper, atMs); ; day += 1) {
    const span = wakingSpan(sleeper, day);
    if (span !== undefined && atMs < span.toMs) return Math.max(atMs, span.fromMs);
  }
};
