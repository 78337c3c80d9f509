import type { Span } from '../simulation-time.js';
import { DAY_MS } from '../simulation-time.js';
import type { Chance } from './chance.js';

/** Moments within a span that know nothing of each other (a Poisson process), so many a year on average; in order. */
export const drawMoments = (chance: Chance, { aYear, within }: { readonly aYear: number; readonly within: Span }): readonly number[] => {
  const meanMs = (365 * DAY_MS) / aYear;
  const moments: number[] = [];
  for (let atMs = within.fromMs; ; ) {
    atMs += -Math.log(1 - chance.unit()) * meanMs;
    if (atMs >= within.toMs) return moments;
    moments.push(Math.floor(atMs));
  }
};
