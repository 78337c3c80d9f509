import { credentialsConfig } from '@muster/issuance';
import type { ConfigOf } from '@muster/service';
import { commonConfig, databaseConfig, defineConfig, setting } from '@muster/service';
import { z } from 'zod';

/** A restart reads at most this many events with their bodies (about a second); a snapshot of 100,000 leases is 30 MB. */
const SNAPSHOT_EVERY_EVENTS = 100_000;

export const leaseRenewalConfig = defineConfig({
  ...commonConfig,
  ...databaseConfig,
  ...credentialsConfig,
  snapshotEveryEvents: setting('MUSTER_SNAPSHOT_EVERY_EVENTS', z.coerce.number().int().min(100).default(SNAPSHOT_EVERY_EVENTS)),
});

export type LeaseRenewalConfig = ConfigOf<typeof leaseRenewalConfig>;
