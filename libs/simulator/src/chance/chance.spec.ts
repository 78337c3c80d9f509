import { createChance, unitOf } from './chance.js';
import { drawMoments } from './moments.js';

const take = (seed: number, name: string): readonly number[] => {
  const chance = createChance(seed, name);
  return Array.from({ length: 1000 }, () => chance.unit());
};

describe('chance', () => {
  it('is the same for the same seed and name, and another for another', () => {
    expect(take(1, 'a')).toEqual(take(1, 'a'));
    expect(take(1, 'a')).not.toEqual(take(2, 'a'));
    expect(take(1, 'a')).not.toEqual(take(1, 'b'));
  });

  it('is uniform enough for rates to come out', () => {
    const values = take(7, 'spread');
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean).toBeCloseTo(0.5, 1);
    const drawn = Array.from({ length: 1000 }, (_, day) => unitOf(7, 3, day));
    expect(new Set(drawn).size).toBe(1000);
    expect(drawn.reduce((sum, value) => sum + value, 0) / 1000).toBeCloseTo(0.5, 1);
  });

  it('makes ids in their canonical form, all different', () => {
    const chance = createChance(1, 'ids');
    const ids = Array.from({ length: 1000 }, () => chance.uuid());
    expect(new Set(ids).size).toBe(1000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('draws moments at their rate, in order', () => {
    const years = { fromMs: 0, toMs: 100 * 365 * 86_400_000 };
    const moments = drawMoments(createChance(1, 'moments'), { aYear: 4, within: years });
    expect(moments.length).toBeGreaterThan(340);
    expect(moments.length).toBeLessThan(460);
    expect([...moments].sort((one, other) => one - other)).toEqual(moments);
  });
});
