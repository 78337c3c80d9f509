import { createChance } from '../chance/chance.js';
import { DAY_MS, HOUR_MS, START_MS } from '../simulation-time.js';
import { drawHabits } from './habits.js';
import type { Habits } from './habits.js';
import { awakeAt, nextAwakeMs } from './waking-hours.js';

const YEAR = { fromMs: START_MS, toMs: START_MS + 365 * DAY_MS };
const anyone = (index: number): Habits => drawHabits(createChance(1, `habits ${index}`), YEAR);
const fleet = Array.from({ length: 60 }, (_, index) => ({ seed: 1, index, habits: anyone(index) }));

describe('waking hours', () => {
  it('servers never sleep', () => {
    for (const sleeper of fleet.filter(({ habits }) => habits.kind === 'server')) expect(nextAwakeMs(sleeper, START_MS + 3 * HOUR_MS)).toBe(START_MS + 3 * HOUR_MS);
  });

  it('who sleeps wakes at the moment that is foretold, and not before', () => {
    for (const sleeper of fleet.filter(({ habits }) => habits.kind !== 'server')) {
      for (let atMs = START_MS; atMs < START_MS + 14 * DAY_MS; atMs += 5 * HOUR_MS) {
        const wakesMs = nextAwakeMs(sleeper, atMs);
        expect(awakeAt(sleeper, wakesMs)).toBeDefined();
        if (awakeAt(sleeper, atMs) !== undefined) expect(wakesMs).toBe(atMs);
        else expect(awakeAt(sleeper, wakesMs - 1)).toBeUndefined();
      }
    }
  });

  it('desktops rest on weekends', () => {
    const saturdayNoon = START_MS + 5 * DAY_MS + 12 * HOUR_MS;
    for (const sleeper of fleet.filter(({ habits }) => habits.kind === 'desktop' && habits.zoneMs === 0)) expect(awakeAt(sleeper, saturdayNoon)).toBeUndefined();
  });
});

describe('habits', () => {
  it('hold trips and losses of the network in order, without overlap', () => {
    for (const { habits } of fleet) {
      habits.away.forEach(({ fromMs, toMs }, index) => {
        expect(fromMs).toBeLessThan(toMs);
        expect(fromMs).toBeGreaterThan(habits.away[index - 1]?.toMs ?? 0);
      });
    }
  });
});
