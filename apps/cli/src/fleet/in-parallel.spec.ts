import { inParallel } from './in-parallel.js';

describe('work in parallel', () => {
  it('runs each item once, in order, no more at a time than allowed', async () => {
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    await inParallel([1, 2, 3, 4, 5, 6, 7], {
      concurrency: 3,
      run: async (item) => {
        begun.push(item);
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
      },
    });
    expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  it('ends early when told to', async () => {
    const begun: number[] = [];
    await inParallel([1, 2, 3], { concurrency: 1, run: async (item) => void begun.push(item), goOn: () => begun.length < 2 });
    expect(begun).toEqual([1, 2]);
  });
});
