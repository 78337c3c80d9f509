import fc from 'fast-check';
import { renewalWindow } from './renewal-window.rule.js';

const DAY = 86_400;

describe('a renewal window', () => {
  it('is a day wide and ends on the seventh day at the latest, by default', () => {
    expect(renewalWindow(7 * DAY, 0)).toEqual({ opensAfterSeconds: 6 * DAY, closesAfterSeconds: 7 * DAY });
    expect(renewalWindow(7 * DAY, 0.5)).toEqual({ opensAfterSeconds: 5.5 * DAY, closesAfterSeconds: 6.5 * DAY });
  });

  it('never ends after the interval, and never opens before five sevenths of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 900, max: 30 * DAY }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (interval, spread) => {
        const { opensAfterSeconds, closesAfterSeconds } = renewalWindow(interval, spread);
        expect(closesAfterSeconds).toBeLessThanOrEqual(interval);
        expect(opensAfterSeconds).toBeLessThan(closesAfterSeconds);
        expect(opensAfterSeconds).toBeGreaterThanOrEqual(Math.floor((interval * 5) / 7));
      }),
    );
  });
});
