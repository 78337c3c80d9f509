import type { ConfigOf } from '@muster/service';
import { defineConfig, setting } from '@muster/service';
import { z } from 'zod';

const count = (fallback: number) => z.coerce.number('must be a number').int('must be a whole number').min(0).max(1_000_000).default(fallback);
const atLeastOne = (fallback: number) => z.coerce.number('must be a number').int('must be a whole number').min(1).max(1_000_000).default(fallback);

/** What one gateway lets through. A rate of 0 is no limit. */
export const limitsConfig = defineConfig({
  addressRequestsPerSecond: setting('MUSTER_ADDRESS_REQUESTS_PER_SECOND', count(100)),
  /** A hundred machines behind one address that come back at the same moment, twice over. */
  addressRequestsBurst: setting('MUSTER_ADDRESS_REQUESTS_BURST', atLeastOne(200)),
  /** A machine asks once a week; one that asks more than this each second is broken, or worse. */
  machineRequestsPerSecond: setting('MUSTER_MACHINE_REQUESTS_PER_SECOND', count(2)),
  machineRequestsBurst: setting('MUSTER_MACHINE_REQUESTS_BURST', atLeastOne(20)),
  /** What two seconds at full speed are: whoever came later would not be answered in time. */
  requestsInFlightMax: setting('MUSTER_REQUESTS_IN_FLIGHT_MAX', atLeastOne(1024)),
});

export type LimitsConfig = ConfigOf<typeof limitsConfig>;
