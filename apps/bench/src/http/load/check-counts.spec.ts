import fc from 'fast-check';
import { checkCounts } from './check-counts.js';

const aRun = fc.tuple(fc.nat(1000), fc.integer({ min: 3, max: 50 })).chain(([first, length]) => {
  const counts = Array.from({ length }, (_, index) => first + index);
  return fc.shuffledSubarray(counts, { minLength: length, maxLength: length });
});

describe('counts of new machines', () => {
  it('are good in whatever order the answers came', () => {
    fc.assert(fc.property(aRun, (counts) => expect(() => checkCounts(counts)).not.toThrow()));
  });

  it('show a machine that was counted twice, and one that was left out', () => {
    expect(() => checkCounts([4, 6, 5, 6, 7])).toThrow('both counted as number 6');
    expect(() => checkCounts([7, 4, 5])).toThrow('no machine was counted as number 6');
  });
});
