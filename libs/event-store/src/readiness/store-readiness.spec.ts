import { Problem } from '@muster/kernel';
import { TIME_STEP_MS_MAX } from '../clock-rule.js';
import type { StoreHealth } from '../event-store.port.js';
import { storeReadiness } from './store-readiness.js';

const NOW_MS = Date.UTC(2026, 2, 1);
const healthy: StoreHealth = { head: 41, headRecordedAtMs: NOW_MS - TIME_STEP_MS_MAX, nowMs: NOW_MS, clockOffsetMs: 12, sparePartitions: 4 };
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

  it('is refused while nobody has accepted that the ledger is far behind, and says what to do', async () => {
    const behind = { headRecordedAtMs: NOW_MS - TIME_STEP_MS_MAX - 1 };
    const detail = expect.stringMatching(/^time-step: .* 2026-01-29T23:59:59\.999Z .* 2026-03-01T00:00:00\.000Z, more than 30 days later\. .*muster host accept-time/) as string;
    expect(await readinessOf(behind)).toEqual({ status: 'down', detail });
    expect(await readinessOf({ ...behind, clockOffsetMs: 86_400_000 })).toMatchObject({ status: 'down', detail: expect.stringContaining('clock-skew') as string });
    expect(await readinessOf({ head: 0, headRecordedAtMs: 0 })).toMatchObject({ status: 'up' });
  });

  it('is refused when the store is away, with its reason', async () => {
    expect(await storeReadiness({ health: () => Promise.reject(new Problem('unavailable', 'connection refused')) }, 'main')).toEqual({ status: 'down', detail: 'connection refused' });
    expect(await storeReadiness({ health: () => Promise.reject(new Error('secret')) }, 'main')).toEqual({ status: 'down', detail: 'the event store does not answer' });
  });
});
