import fc from 'fast-check';
import { isProblem } from '@muster/kernel';
import { addressKey, TokenBuckets, turnedAway } from '@muster/service';
import { AdmissionShares } from './admission-shares.js';
import { RepeatLane } from './repeat-lane.js';

const setUp = ({ perSecond = 100, burst = 200, keysMax = 10 } = {}) => {
  const time = { ms: 0 };
  return { time, buckets: new TokenBuckets({ rate: { perSecond, burst }, keysMax, nowMs: () => time.ms }) };
};

describe('a token bucket', () => {
  it('lets a burst through, then as many as it refills', () => {
    const { time, buckets } = setUp();
    const passed = (tries: number) => Array.from({ length: tries }, () => buckets.take('a')).filter((wait) => wait === 0).length;
    expect(passed(300)).toBe(200);
    expect(buckets.take('a')).toBeCloseTo(0.01);
    time.ms = 1000;
    expect(passed(300)).toBe(100);
    time.ms = 60_000;
    expect(passed(300)).toBe(200);
  });

  it('is one for each key', () => {
    const { buckets } = setUp({ burst: 1 });
    expect([buckets.take('a'), buckets.take('b')]).toEqual([0, 0]);
    expect(buckets.take('a')).toBeGreaterThan(0);
  });

  it('of a rate of 0 lets everything through, and keeps nothing', () => {
    const { buckets } = setUp({ perSecond: 0 });
    for (let n = 0; n < 1000; n += 1) expect(buckets.take('a')).toBe(0);
    expect(buckets.size).toBe(0);
  });

  it('is forgotten where it was long unused; memory stays bounded', () => {
    const { buckets } = setUp({ burst: 1, keysMax: 10 });
    for (let n = 0; n < 100; n += 1) {
      buckets.take('kept');
      buckets.take(`other-${n}`);
      expect(buckets.size).toBeLessThanOrEqual(10);
    }
    expect(buckets.take('kept')).toBeGreaterThan(0); // used all the while, hence still known
    expect(buckets.take('other-99')).toBeGreaterThan(0);
    expect(buckets.take('other-0')).toBe(0); // forgotten
  });

  it('never lets more through than its burst and what was refilled', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 300 }), (perSecond, burst, gapsMs) => {
        const { time, buckets } = setUp({ perSecond, burst });
        let passed = 0;
        for (const gapMs of gapsMs) {
          time.ms += gapMs;
          if (buckets.take('a') === 0) passed += 1;
        }
        expect(passed).toBeLessThanOrEqual(burst + (time.ms / 1000) * perSecond + 1e-6);
      }),
    );
  });
});

describe('the address that is counted', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::1', '::1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::1', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::2', '0:0:0:0'],
  ])('%s is counted as %s', (address, key) => expect(addressKey(address)).toBe(key));
});

const held = () => {
  const release: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => release.push(resolve));
  return { release, work };
};
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the lane of possible repeats', () => {
  it('runs eight at a time, lets 512 wait, at most 256 of one address, and turns the rest away', async () => {
    const turned: string[] = [];
    const lane = new RepeatLane(() => void turned.push('full'));
    const { release, work } = held();
    const all: Promise<unknown>[] = [];
    const enter = (key: string, count: number) => {
      for (let n = 0; n < count; n += 1) all.push(lane.run(key, work).catch((error: unknown) => error));
    };
    enter('a', 8 + 300);
    expect([release.length, lane.size, turned.length]).toEqual([8, 8 + 256, 44]);
    enter('b', 256);
    enter('c', 1);
    expect([lane.size, turned.length]).toEqual([8 + 512, 45]);
    for (let n = 0; n < 8 + 512; n += 1) {
      release[n]?.();
      await settled();
      expect(release.length - n - 1).toBeLessThanOrEqual(8);
    }
    const answers = await Promise.all(all);
    expect(answers.filter((answer) => isProblem(answer, 'rate-limited'))).toHaveLength(45);
    expect(lane.size).toBe(0);
  });

  it('goes on after a look-up that failed', async () => {
    const lane = new RepeatLane();
    await expect(lane.run('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await lane.run('a', () => Promise.resolve(7))).toBe(7);
    expect(lane.size).toBe(0);
  });
});

describe('the room of the host', () => {
  it('is never all taken by new activations', async () => {
    const shares = new AdmissionShares(8);
    const { release, work } = held();
    const all: Promise<unknown>[] = [];
    const enter = (share: 'new' | 'held', count: number) => {
      for (let n = 0; n < count; n += 1) all.push(shares.run(share, work).catch((error: unknown) => error));
    };
    enter('new', 20);
    expect(shares.underWay('new')).toBe(6);
    enter('held', 20);
    expect([shares.underWay('new'), shares.underWay('held')]).toEqual([6, 2]);
    for (const let_ of release) let_();
    const answers = await Promise.all(all);
    expect(answers.filter((answer) => isProblem(answer, 'overloaded'))).toHaveLength(14 + 18);
    enter('held', 20);
    expect([shares.underWay('new'), shares.underWay('held')]).toEqual([0, 8]);
    for (const let_ of release) let_();
    await Promise.all(all);
  });
});

describe('whoever is turned away', () => {
  it('comes back at a moment of their own, and not before there is something to have', () => {
    const secondsOf = (unit: number) => turnedAway('rate-limited', '', { afterSeconds: 2.2, unit }).retryAfterSeconds;
    expect([secondsOf(0), secondsOf(0.5), secondsOf(0.999)]).toEqual([4, 6, 8]);
    expect(turnedAway('overloaded', '', { unit: 0 }).retryAfterSeconds).toBe(1);
  });
});
