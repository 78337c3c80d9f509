import { uuid } from '@muster/contracts';
import { eventually, fixedClock, seededDraws, TEST_START_MS } from './index.js';

describe('a fixed clock', () => {
  it('stands still until it is moved', () => {
    const clock = fixedClock();
    expect([clock.nowMs(), clock.nowMs()]).toEqual([TEST_START_MS, TEST_START_MS]);
    clock.advance(90);
    expect(clock.nowMs()).toBe(TEST_START_MS + 90_000);
    clock.set(5);
    expect(clock.nowMs()).toBe(5);
  });
});

describe('seeded draws', () => {
  it('are the same for the same seed and others for another', () => {
    const drawFive = (seed: string) => {
      const draws = seededDraws(seed);
      return Array.from({ length: 5 }, () => [draws.uuid(), draws.unit()]);
    };
    expect(drawFive('a')).toEqual(drawFive('a'));
    expect(new Set([...drawFive('a'), ...drawFive('b')].flat()).size).toBe(20);
  });

  it('are version 4 UUIDs and numbers spread over [0, 1)', () => {
    const draws = seededDraws(1);
    for (let round = 0; round < 200; round += 1) expect(uuid.parse(draws.uuid())).toMatch(/^.{14}4/);
    const units = Array.from({ length: 1000 }, () => draws.unit());
    expect(Math.min(...units)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...units)).toBeLessThan(1);
    expect(units.reduce((sum, value) => sum + value) / units.length).toBeCloseTo(0.5, 1);
  });
});

describe('eventually', () => {
  it('returns the fact once it holds', async () => {
    let asked = 0;
    const fact = () => {
      asked += 1;
      if (asked < 3) throw new Error('not yet');
      return asked;
    };
    expect(await eventually(fact, { intervalMs: 1 })).toBe(3);
  });

  it('says what was still wrong when time is over, and asks no more', async () => {
    let asked = 0;
    const never = () => {
      asked += 1;
      return Promise.reject(new Error('count is 4'));
    };
    await expect(eventually(never, { timeoutMs: 20, intervalMs: 1 })).rejects.toThrow('still not so after 20 ms: count is 4');
    const askedByThen = asked;
    await eventually(() => expect(true).toBe(true));
    expect(asked - askedByThen).toBeLessThanOrEqual(1);
  });

  it('does not wait for a question that is never answered', async () => {
    await expect(eventually(() => new Promise(() => undefined), { timeoutMs: 10 })).rejects.toThrow('never settled');
  });
});
