import { Problem } from '@muster/kernel';
import { ConfigError } from '../config/load-config.js';
import type { ServiceClock } from './service-clock.js';

/** A host is in production when the vendor's certificate says so. */
interface Certified {
  readonly environment: 'production' | 'development';
}

/** @throws ConfigError for a controlled clock beside a certificate of a production host */
export const refuseControlledClock = ({ controlled }: Pick<ServiceClock, 'controlled'>, { environment }: Certified): void => {
  if (controlled && environment === 'production') {
    throw new ConfigError(['MUSTER_CONTROLLED_CLOCK_FILE: a controlled clock is for development only, and the host certificate is for production']);
  }
};

/**
 * Guards a write round: with a controlled clock, nothing is decided on a ledger that a production certificate was ever recorded in,
 * whatever certificate this process was given. Time that was written ahead could not be taken back.
 *
 * @param isProduction asked after the round was read, hence as of its head
 */
export const decideUnlessProduction = <Round, Decided>(
  { controlled }: Pick<ServiceClock, 'controlled'>,
  isProduction: () => boolean,
  decide: (round: Round) => Promise<Decided>,
): ((round: Round) => Promise<Decided>) => {
  if (!controlled) return decide;
  return async (round) => {
    const decided = await decide(round);
    if (isProduction()) throw new Problem('clock-skew', 'The ledger is that of a production host, and this service has a controlled clock.');
    return decided;
  };
};
