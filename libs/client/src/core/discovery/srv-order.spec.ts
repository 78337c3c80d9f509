import { seededDraws } from '@muster/testing';
import { isSwitchedOff, orderRecords, type SrvRecord } from './srv-order.js';

const DRAWS = 20_000;
/** Chi-square at p = 0.001 for one to five degrees of freedom: a right order fails once in a thousand seeds, and these seeds are fixed. */
const CRITICAL = [10.83, 13.82, 16.27, 18.47, 20.52];

const recordsOf = (weights: readonly number[]): readonly SrvRecord[] => weights.map((weight, index) => ({ target: `host-${index}`, port: 1, priority: 0, weight }));

/**
 * RFC 2782's law, worked out: R is one of 0 … sum. Each of the values 1 … sum picks the record in whose range it lies; 0 picks whoever stands first, which
 * is one of those with weight 0 where there are any.
 */
const pickLaw = (weights: readonly number[]): readonly number[] => {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const zeros = weights.filter((weight) => weight === 0).length;
  const first = zeros === 0 ? weights.length : zeros;
  return weights.map((weight) => (weight + (zeros === 0 || weight === 0 ? 1 / first : 0)) / (sum + 1));
};

/** The same for whole orders, by the indices of the records. */
const orderLaw = (weights: readonly number[], left = weights.map((_weight, index) => index)): ReadonlyMap<string, number> => {
  if (left.length === 0) return new Map([['', 1]]);
  const law = pickLaw(left.map((index) => weights[index] ?? 0));
  const orders = new Map<string, number>();
  left.forEach((index, at) => {
    for (const [rest, share] of orderLaw(weights, left.filter((other) => other !== index))) orders.set(`${index}${rest}`, (law[at] ?? 0) * share);
  });
  return orders;
};

const chiSquare = (weights: readonly number[], given: readonly SrvRecord[], seed: string): { readonly value: number; readonly critical: number } => {
  const draws = seededDraws(seed);
  const seen = new Map<string, number>();
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const order = orderRecords(given, draws)
      .map(({ target }) => target.replace('host-', ''))
      .join('');
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  const law = orderLaw(weights);
  expect([...seen.keys()].filter((order) => !law.has(order))).toEqual([]);
  const value = [...law].reduce((total, [order, share]) => total + ((seen.get(order) ?? 0) - DRAWS * share) ** 2 / (DRAWS * share), 0);
  return { value, critical: CRITICAL[law.size - 2] ?? 0 };
};

describe('the order of SRV records', () => {
  it.each([[[1, 1]], [[60, 40]], [[0, 1, 1]], [[10, 0]], [[0, 0]], [[30, 20, 10]]])('of weights %j follows the law of RFC 2782, whatever order the server gave', (weights) => {
    for (const given of [recordsOf(weights), [...recordsOf(weights)].reverse()]) {
      const { value, critical } = chiSquare(weights, given, `weights ${weights.join()} ${given[0]?.target}`);
      expect(value).toBeLessThan(critical);
    }
  });

  it('is the law that RFC 2782 leaves to be worked out', () => {
    expect(pickLaw([1, 1])).toEqual([0.5, 0.5]);
    expect(pickLaw([0, 1, 1])).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(pickLaw([10, 0])).toEqual([10 / 11, 1 / 11]);
    expect(pickLaw([0, 0])).toEqual([0.5, 0.5]);
    expect(pickLaw([60, 40]).map((share) => share.toFixed(3))).toEqual(['0.599', '0.401']);
  });

  it('never puts a higher priority number before a lower one, whatever the weights', () => {
    const draws = seededDraws('priorities');
    const records = recordsOf([0, 65_535, 5, 1]).map((record, index) => ({ ...record, priority: [20, 10, 20, 0][index] ?? 0 }));
    for (let draw = 0; draw < 200; draw += 1) expect(orderRecords(records, draws).map(({ priority }) => priority)).toEqual([0, 10, 20, 20]);
  });

  it('knows a service that is switched off: one record, whose target is the root', () => {
    const off = { target: '', port: 0, priority: 0, weight: 0 };
    expect([isSwitchedOff([off]), isSwitchedOff([off, ...recordsOf([1])]), isSwitchedOff(recordsOf([1])), isSwitchedOff([])]).toEqual([true, false, false, false]);
  });
});
