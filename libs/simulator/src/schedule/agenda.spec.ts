import { createChance } from '../chance/chance.js';
import { createAgenda } from './agenda.js';

const drain = (agenda: ReturnType<typeof createAgenda<number>>, untilMs: number) => {
  const taken: { readonly atMs: number; readonly item: number }[] = [];
  for (let next = agenda.next(untilMs); next !== undefined; next = agenda.next(untilMs)) taken.push({ atMs: next.atMs, item: next.item });
  return taken;
};

describe('an agenda', () => {
  it.each([1, 2, 3])('goes by time, and at one moment by the order of setting (seed %d)', (seed) => {
    const chance = createChance(seed, 'agenda');
    const items = Array.from({ length: 2000 }, (_, item) => ({ atMs: Math.floor(chance.between(0, 300)), item }));
    const agenda = createAgenda<number>();
    for (const { atMs, item } of items) agenda.set(atMs, item);
    const sorted = [...items].sort((one, other) => one.atMs - other.atMs || one.item - other.item);
    expect(drain(agenda, 150)).toEqual(sorted.filter(({ atMs }) => atMs <= 150));
    expect(agenda.size).toBe(sorted.filter(({ atMs }) => atMs > 150).length);
    expect(drain(agenda, 300)).toEqual(sorted.filter(({ atMs }) => atMs > 150));
  });
});
