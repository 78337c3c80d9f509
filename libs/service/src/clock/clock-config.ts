import { z } from 'zod';
import { type ConfigOf, defineConfig, setting } from '../config/setting.js';

/** Where a service takes its time from. It is in production when either variable says so: Muster's own, or the one that images of Node set. */
export const clockConfig = defineConfig({
  /** Development only: the file of a controlled clock, shared by all services of a host. */
  controlledClockFile: setting('MUSTER_CONTROLLED_CLOCK_FILE', z.string().optional()),
  environment: setting('MUSTER_ENVIRONMENT', z.enum(['production', 'development']).optional()),
  nodeEnvironment: setting('NODE_ENV', z.string().optional()),
});

export type ClockConfig = ConfigOf<typeof clockConfig>;
