import type { Command } from 'commander';
import { handled, wholeNumber, withHost } from './handled.js';

const position = wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER });

const withFilter = (command: Command): Command =>
  withHost(command).option('--type <type>', 'only this type, such as ActivationGranted').option('--machine <id>', 'only of this machine');

export const addEventsCommands = (program: Command): void => {
  const events = program.command('events').description('read the ledger');
  withFilter(events.command('list'))
    .description('events in order; in JSON an array of CloudEvents')
    .option('--after <position>', 'start after this position', position, 0)
    .option('--limit <n>', 'at most so many', wholeNumber({ min: 1, max: 1_000_000 }), 100)
    .action(handled(async () => (await import('../events/list.js')).listEvents));
  withFilter(events.command('tail'))
    .description('events as they are recorded, until Ctrl-C; in JSON one CloudEvent a line')
    .option('--after <position>', 'start after this position (now)', position)
    .action(handled(async () => (await import('../events/tail.js')).tailEvents));
};
