import type { Command } from 'commander';
import { handled } from './handled.js';

export const addDemoCommand = (program: Command): void => {
  program
    .command('demo')
    .description('the story of a count, on the fresh host that runs here or on one of its own: thresholds, leases, SIGKILL, replay')
    .option('--data <dir>', 'data directory of the host to use (the nearest .muster, here or above)')
    .action(handled(async () => (await import('../demo/run-demo.js')).runDemo));
};
