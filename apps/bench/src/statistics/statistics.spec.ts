import fc from 'fast-check';
import { percentile } from './percentile.js';
import { roundRatios } from './round-ratios.js';
import { median, spreadOf } from './spread.js';

const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 50 });

describe('a median', () => {
  it.each([
    [[3], 3],
    [[9, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (given, expected) => {
    expect(median(given)).toBe(expected);
  });

  it('has as many values above it as below it, and lies between the ends', () => {
    fc.assert(
      fc.property(values, (given) => {
        const { median: middle, min, max } = spreadOf(given);
        expect(given.filter((value) => value < middle).length).toBeLessThanOrEqual(given.length / 2);
        expect(given.filter((value) => value > middle).length).toBeLessThanOrEqual(given.length / 2);
        expect(min <= middle && middle <= max).toBe(true);
      }),
    );
  });

  it('of nothing is refused', () => {
    expect(() => median([])).toThrow('no values');
  });
});

describe('a percentile', () => {
  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])('by nearest rank: share %d of 1..100 is %d', (share, expected) => {
    expect(percentile(Array.from({ length: 100 }, (_, index) => 100 - index), share)).toBe(expected);
  });

  it('is one of the values, and at least that share of them does not exceed it', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const found = percentile(given, share);
        expect(given).toContain(found);
        expect(given.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * given.length);
      }),
    );
  });

  it('of nothing is refused', () => {
    expect(() => percentile([], 0.5)).toThrow('no values');
  });
});

describe('ratios', () => {
  it('are taken within each round, not between the medians', () => {
    // A noisy second round halves both: the ratio does not notice.
    expect(roundRatios([200, 100, 210], [100, 50, 100])).toEqual([2, 2, 2.1]);
  });

  it('need pairs', () => {
    expect(() => roundRatios([1, 2], [1])).toThrow('2 rounds against 1');
  });
});
