import { z } from 'zod';
import { type ConfigOf, defineConfig, setting } from '../config/setting.js';

const RATE_MAX = 1_000_000;

/** A number of requests; `min` 0 where none means no limit. */
export const requestCount = (fallback: number, min: 0 | 1) => z.coerce.number('must be a number').int('must be a whole number').min(min).max(RATE_MAX).default(fallback);

/** What one address may send to one process. A rate of 0 is no limit. */
export const addressLimitConfig = defineConfig({
  addressRequestsPerSecond: setting('MUSTER_ADDRESS_REQUESTS_PER_SECOND', requestCount(100, 0)),
  /** A hundred machines behind one address that come back at the same moment, twice over. */
  addressRequestsBurst: setting('MUSTER_ADDRESS_REQUESTS_BURST', requestCount(200, 1)),
});

export type AddressLimitConfig = ConfigOf<typeof addressLimitConfig>;
