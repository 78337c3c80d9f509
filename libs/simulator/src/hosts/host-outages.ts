import type { Chance } from '../chance/chance.js';
import { drawMoments } from '../chance/moments.js';
import type { Span } from '../simulation-time.js';
import { HOUR_MS, joinSpans } from '../simulation-time.js';

/** Each host is down about so often by itself: updates, power, somebody's mistake. */
const OUTAGES_A_YEAR = 5;
const OUTAGE_HOURS_MAX = 8;

/** When a host does not answer: its own outages and those of all hosts together, in order. */
export const drawOutages = (chance: Chance, run: Span, common: readonly Span[]): readonly Span[] => {
  const own = drawMoments(chance, { aYear: OUTAGES_A_YEAR, within: run }).map((fromMs) => ({ fromMs, toMs: Math.ceil(fromMs + chance.unit() ** 2 * OUTAGE_HOURS_MAX * HOUR_MS) }));
  return joinSpans([...own, ...common]);
};
