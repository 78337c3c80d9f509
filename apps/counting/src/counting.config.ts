import type { ConfigOf } from '@muster/service';
import { commonConfig, databaseConfig, defineConfig, setting } from '@muster/service';
import { z } from 'zod';

/** One snapshot an interval: a restart and an as-of count read at most this many narrow rows (about 50 ms). */
const SNAPSHOT_EVERY_EVENTS = 50_000;

export const countingConfig = defineConfig({
  ...commonConfig,
  ...databaseConfig,
  snapshotEveryEvents: setting('MUSTER_SNAPSHOT_EVERY_EVENTS', z.coerce.number().int().min(100).default(SNAPSHOT_EVERY_EVENTS)),
});

export type CountingConfig = ConfigOf<typeof countingConfig>;
