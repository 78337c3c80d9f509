import type { Sample } from './lane.js';
import { runLane } from './run-lane.js';

const plan = { rounds: 3, seconds: 8, warmUpSeconds: 1 };

const laneOf = (script: Readonly<Record<string, readonly Sample[]>>) => {
  const calls: string[] = [];
  const left = new Map(Object.entries(script).map(([name, samples]) => [name, [...samples]]));
  const subjects = Object.keys(script).map((name) => ({
    name,
    measure: async (seconds: number): Promise<Sample> => {
      calls.push(`${name} ${seconds}`);
      return left.get(name)?.shift() ?? { count: 1, seconds: 1 };
    },
  }));
  return { calls, lane: { name: 'append' as const, title: 'Append', unit: 'events', subjects, comparisons: [{ name: 'a ÷ b', of: 'a', against: 'b', target: 2 }], notes: [] } };
};

describe('a lane', () => {
  it('runs its subjects in turns, after one turn that does not count', async () => {
    const { calls, lane } = laneOf({ a: [], b: [] });
    await runLane(lane, plan);
    expect(calls).toEqual(['a 1', 'b 1', 'a 8', 'b 8', 'a 8', 'b 8', 'a 8', 'b 8']);
  });

  it('reports medians, and ratios within rounds', async () => {
    const of = (...counts: readonly number[]): readonly Sample[] => [0, ...counts].map((count) => ({ count, seconds: 2, p50Ms: count / 10, cpuMicros: { postgres: count } }));
    const { subjects, comparisons } = await runLane(laneOf({ a: of(300, 100, 240), b: of(100, 50, 60) }).lane, plan);
    expect(subjects[0]).toMatchObject({ name: 'a', perSecond: { median: 120, min: 50, max: 150 }, p50Ms: 24, cpuMicros: { postgres: 240 } });
    expect(subjects[0]).not.toHaveProperty('p99Ms');
    expect(comparisons).toEqual([{ name: 'a ÷ b', target: 2, rounds: [3, 2, 4], ratio: { median: 3, min: 2, max: 4 } }]);
  });
});
