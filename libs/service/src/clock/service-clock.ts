import { type Clock, systemClock } from '@muster/kernel';
import type { Log } from '@muster/messaging';
import { ConfigError } from '../config/load-config.js';
import type { ClockConfig } from './clock-config.js';
import { readControlledClock } from './controlled-clock.js';

/** The one source of a service's time. */
export interface ServiceClock extends Clock {
  /** Somebody moves it: development and tests only. */
  readonly controlled: boolean;
}

const production = ({ environment, nodeEnvironment }: ClockConfig): string | undefined => {
  if (environment === 'production') return 'MUSTER_ENVIRONMENT is production';
  return nodeEnvironment === 'production' ? 'NODE_ENV is production' : undefined;
};

/**
 * The real clock, or the controlled one where one is configured.
 *
 * @throws ConfigError for a controlled clock in production, or one that cannot be read
 */
export const openServiceClock = (config: ClockConfig, log: Log): ServiceClock => {
  const { controlledClockFile: file } = config;
  if (file === undefined) return { ...systemClock, controlled: false };
  const why = production(config);
  if (why !== undefined) throw new ConfigError([`MUSTER_CONTROLLED_CLOCK_FILE: a controlled clock is for development only, and ${why}`]);
  const clock = readControlledClock(file, log);
  log.warn({ file, now: new Date(clock.nowMs()).toISOString() }, 'CONTROLLED CLOCK: time is what a file says; for development only, never for a ledger that matters');
  return { ...clock, controlled: true };
};

/**
 * The store's side of the clock rule: PostgreSQL's own clock, except beside a controlled one, which replaces both sides.
 *
 * @example createPostgresEventStore({ url, clock, ...storeClockOf(clock) })
 */
export const storeClockOf = (clock: ServiceClock): { readonly storeClock?: Clock } => (clock.controlled ? { storeClock: clock } : {});
