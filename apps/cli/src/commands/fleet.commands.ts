import type { Command } from 'commander';
import { handled, wholeNumber, withHost } from './handled.js';

/** A long afternoon of enrolling; a typing error should not take longer. */
const MACHINES_MAX = 1_000_000;

/** More requests in flight than a host on the same machine has cores to serve. */
const CONCURRENCY_MAX = 256;

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
};
