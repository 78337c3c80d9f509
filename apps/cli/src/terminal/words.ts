import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS } from '@muster/kernel';

const units = [
  ['day', DAY_SECONDS],
  ['hour', HOUR_SECONDS],
  ['minute', MINUTE_SECONDS],
  ['second', 1],
] as const;

/** `1 machine`, `2 machines`. */
export const counted = (count: number, noun: string): string => `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;

/** A duration in its two largest units: `1 hour 57 minutes`. */
export const durationWords = (seconds: number): string => {
  const words: string[] = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(counted(count, name));
    else if (words.length > 0) break;
    if (words.length === 2) break;
  }
  return words.join(' ') || '0 seconds';
};

/** The date of an instant, or of seconds since the epoch. */
export const dateOf = (epochSeconds: number): string => new Date(epochSeconds * 1000).toISOString().slice(0, 10);
