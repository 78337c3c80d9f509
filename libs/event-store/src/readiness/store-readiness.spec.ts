import { Problem } from '@muster/kernel';
import type { StoreHealth } from '../event-store.port.js';
import { storeReadiness } from './store-readiness.js';

const healthy: StoreHealth = { head: 41, clockOffsetMs: 12, sparePartitions: 4 };
const readinessOf = (health: Partial<StoreHealth>) => storeReadiness({ health: () => Promise.resolve({ ...healthy, ...health }) }, 'main');

describe('readiness of a store', () => {
  it('is given when the clocks agree and there is room', async () => {
    expect(await readinessOf({})).toEqual({ status: 'up', detail: 'head 41, 4 spare partitions' });
    expect(await readinessOf({ clockOffsetMs: -5000, sparePartitions: 2 })).toMatchObject({ status: 'up' });
  });

  it('warns when fewer than two partitions are left ahead', async () => {
    expect(await readinessOf({ sparePartitions: 1 })).toEqual({ status: 'warn', detail: 'head 41, only 1 spare partitions: run the migrations' });
  });

  it.each([
    ['ahead of', 86_400_000],
    ['behind', -86_400_000],
  ])('is refused when the clock is a day %s the database’s, and says so', async (side, clockOffsetMs) => {
    expect(await readinessOf({ clockOffsetMs })).toMatchObject({ status: 'down', detail: expect.stringMatching(new RegExp(`^clock-skew: .* 86400.0 s ${side} `)) as string });
  });

  it('is refused when the store is away, with its reason', async () => {
    expect(await storeReadiness({ health: () => Promise.reject(new Problem('unavailable', 'connection refused')) }, 'main')).toEqual({ status: 'down', detail: 'connection refused' });
    expect(await storeReadiness({ health: () => Promise.reject(new Error('secret')) }, 'main')).toEqual({ status: 'down', detail: 'the event store does not answer' });
  });
});
