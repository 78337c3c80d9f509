import { InvalidArgumentError } from 'commander';
import type { OutageHours } from '@muster/simulator';

/** Ten years. */
const HOUR_MAX = 10 * 366 * 24;

/** Reads `2400..2430`: hours from the beginning of the run. The option may be given more than once. */
export const outageHours = (text: string, earlier: readonly OutageHours[] = []): readonly OutageHours[] => {
  const [, from, to] = /^(\d{1,6})\.\.(\d{1,6})$/.exec(text) ?? [];
  const hours = { fromHour: Number(from ?? Number.NaN), toHour: Number(to ?? Number.NaN) };
  if (!(hours.fromHour < hours.toHour && hours.toHour <= HOUR_MAX)) throw new InvalidArgumentError('It must be two hours from the beginning of the run, such as 2400..2430.');
  return [...earlier, hours];
};
