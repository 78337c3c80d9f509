import { addressLimitConfig, type ConfigOf, defineConfig, requestCount, setting } from '@muster/service';

/** What one gateway lets through. A rate of 0 is no limit. */
export const limitsConfig = defineConfig({
  ...addressLimitConfig,
  /** A machine asks once a week; one that asks more than this each second is broken, or worse. */
  machineRequestsPerSecond: setting('MUSTER_MACHINE_REQUESTS_PER_SECOND', requestCount(2, 0)),
  machineRequestsBurst: setting('MUSTER_MACHINE_REQUESTS_BURST', requestCount(20, 1)),
  /** What two seconds at full speed are: whoever came later would not be answered in time. */
  requestsInFlightMax: setting('MUSTER_REQUESTS_IN_FLIGHT_MAX', requestCount(1024, 1)),
});

export type LimitsConfig = ConfigOf<typeof limitsConfig>;
