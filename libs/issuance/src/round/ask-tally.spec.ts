import { Problem } from '@muster/kernel';
import { askTally } from './ask-tally.js';

const tallied = { status: 'tallied' as const, counts: [] };
const declining = (times: number, problem = new Problem('unavailable', 'far behind')) => {
  let asked = 0;
  return { asked: () => asked, ask: () => ((asked += 1) <= times ? Promise.reject(problem) : Promise.resolve(tallied)) };
};

describe('a tally', () => {
  it('is asked of another replica when one declines', async () => {
    const replicas = declining(3);
    expect(await askTally(replicas.ask)).toBe(tallied);
    expect(replicas.asked()).toBe(4);
  });

  it('is given up after a bounded number of tries', async () => {
    const replicas = declining(Infinity);
    await expect(askTally(replicas.ask)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(replicas.asked()).toBe(7);
  });

  it('is not asked again where that cannot help', async () => {
    const replicas = declining(Infinity, new Problem('not-found', 'another ledger'));
    await expect(askTally(replicas.ask)).rejects.toMatchObject({ kind: 'not-found' });
    expect(replicas.asked()).toBe(1);
  });
});
