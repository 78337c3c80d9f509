import { cloneReport } from '@muster/domain';
import { liveCopied } from './copied-fleet.fixture.js';

const RESTORED_UNTIL_DAY = 36;
const LASTING_DAYS = 30;

describe('an image that is copied 100 times', () => {
  it('is one root with 100 branches, and nobody else is concerned', async () => {
    const { forks, imageLease, machineId } = await liveCopied({ machines: 60, days: 60, seed: 1, hosts: 1, image: { copies: 100, onDay: 20 } });
    const [report] = [...forks.values()].map(cloneReport);
    expect(imageLease).not.toBeNull();
    expect(report).toMatchObject({ machines: 60, clones: [{ machine: machineId, root: { leaseId: imageLease }, branchesForgotten: 0 }], suspicions: [], cleared: 0 });
    expect(report?.clones[0]?.branches.filter(({ continued, from }) => continued && from === 'root')).toHaveLength(100);
  });
});

describe('a clean fleet', () => {
  it.each([1, 2, 3])('with retries, lost answers, an outage and restores from day-old backups holds no clone on any day, and no suspicion lasts (seed %d)', async (seed) => {
    const openSince = new Map<string, number>();
    let suspicionsSeen = 0;
    const { restored, wishesLost } = await liveCopied(
      {
        ...{ machines: 300, days: 60, seed, hosts: 2, outage: { fromHour: 400, toHour: 430 } },
        ...{ answersLost: 0.05, wishesLost: 0.3, restores: { aYear: 12, untilDay: RESTORED_UNTIL_DAY } },
      },
      (state, day) => {
        const { clones, suspicions } = cloneReport(state);
        expect(clones).toEqual([]);
        for (const { machine, raisedAt } of suspicions) {
          const key = `${machine} ${raisedAt}`;
          const since = openSince.get(key) ?? day;
          openSince.set(key, since);
          expect({ key, lastsDays: day - since > LASTING_DAYS }).toEqual({ key, lastsDays: false });
        }
        suspicionsSeen = openSince.size;
      },
    );
    // Else nothing was shown.
    expect(restored).toBeGreaterThan(200);
    expect(wishesLost).toBeGreaterThan(100);
    expect(suspicionsSeen).toBeGreaterThan(10);
  });
});
