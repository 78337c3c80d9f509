import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS } from '@muster/kernel';
import { InvalidArgumentError } from 'commander';

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: MINUTE_SECONDS, h: HOUR_SECONDS, d: DAY_SECONDS };

/** Reads `90s`, `15m`, `2h` or `7d` of an option, as seconds. */
export const durationSeconds = (text: string): number => {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count === undefined) throw new InvalidArgumentError('It must be a duration such as 90s, 15m, 2h or 7d.');
  return Number(count) * (UNIT_SECONDS[unit] ?? 1);
};
