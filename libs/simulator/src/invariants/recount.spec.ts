import { createChance } from '../chance/chance.js';
import { Recount } from './recount.js';

describe('a recount', () => {
  it('counts a machine by its latest entry, inside the window', () => {
    const recount = new Recount(100);
    recount.add({ machine: 'a', atMs: 0, as: 'physical' });
    recount.add({ machine: 'b', atMs: 10, as: 'virtual' });
    recount.add({ machine: 'a', atMs: 20, as: 'virtual' });
    expect(recount.countAt(50)).toEqual({ physical: 0, virtual: 2 });
    recount.add({ machine: 'b', atMs: 60, as: 'retired' });
    expect(recount.countAt(60)).toEqual({ physical: 0, virtual: 1 });
    expect(recount.countAt(119)).toEqual({ physical: 0, virtual: 1 });
    expect(recount.countAt(120)).toEqual({ physical: 0, virtual: 0 });
  });

  it.each([1, 2, 3, 4])('says the same by its mark as by reading everything (seed %d)', (seed) => {
    const chance = createChance(seed, 'recount');
    const recount = new Recount(500);
    for (let atMs = 0; atMs < 5000; atMs += Math.floor(chance.between(0, 40))) {
      const as = chance.happens(0.1) ? 'retired' : chance.happens(0.3) ? 'virtual' : 'physical';
      recount.add({ machine: `m${Math.floor(chance.between(0, 30))}`, atMs, as });
      expect(recount.countAt(atMs)).toEqual(recount.literalCountAt(atMs));
    }
  });
});
