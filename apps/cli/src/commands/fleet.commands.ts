import type { Command } from 'commander';
import { outageHours } from '../fleet/simulate/outage-hours.js';
import { handled, wholeNumber, withHost } from './handled.js';

/** A long afternoon of enrolling; a typing error should not take longer. */
const MACHINES_MAX = 1_000_000;

/** More requests in flight than a host on the same machine has cores to serve. */
const CONCURRENCY_MAX = 256;

/** More would not fit in memory: a machine takes about 100 kB for a year. */
const SIMULATED_MACHINES_MAX = 50_000;
const SIMULATED_DAYS_MAX = 3660;
const SIMULATED_HOSTS_MAX = 20;
const SEED_MAX = 2 ** 32 - 1;

export const addFleetCommands = (program: Command): void => {
  const fleet = program.command('fleet').description('act as many client machines');
  withHost(fleet.command('enrol'))
    .description('have machines with fresh keys ask for a product, one line a request')
    .requiredOption('--machines <n>', 'how many', wholeNumber({ min: 1, max: MACHINES_MAX }))
    .option('--product <name>', "what they ask for (the host's product with the highest threshold)")
    .option('--virtual', 'say that they are virtual machines')
    .option('--prefix <text>', 'what their host names begin with', 'ws-')
    .option('--concurrency <n>', 'requests in flight; with more than one, lines come in the order of the answers', wholeNumber({ min: 1, max: CONCURRENCY_MAX }), 1)
    .action(handled(async () => (await import('../fleet/enrol.js')).enrolFleet));
  fleet
    .command('simulate')
    .description('live through the days of a fleet in simulated time, and check after every step what must hold')
    .requiredOption('--machines <n>', 'how many', wholeNumber({ min: 1, max: SIMULATED_MACHINES_MAX }))
    .requiredOption('--days <n>', 'how long', wholeNumber({ min: 1, max: SIMULATED_DAYS_MAX }))
    .option('--seed <n>', 'where everything random comes from: the same seed gives the same run', wholeNumber({ min: 0, max: SEED_MAX }), 1)
    .option('--hosts <n>', 'hosts of the organisation, each with its own count', wholeNumber({ min: 1, max: SIMULATED_HOSTS_MAX }), 2)
    .option('--outage <hours>', 'when no host answers, such as 2400..2430, in hours from the beginning; may be repeated', outageHours)
    .action(handled(async () => (await import('../fleet/simulate/simulate.js')).simulate));
};
