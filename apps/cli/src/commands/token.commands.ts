import { roles } from '@muster/contracts';
import type { Command } from 'commander';
import { Option } from 'commander';
import { durationSeconds } from '../host/clock/duration.js';
import { handled, withHost } from './handled.js';

export const addTokenCommands = (program: Command): void => {
  const token = program.command('token').description('access tokens of a host: who may administer what');
  withHost(token.command('create'))
    .description('make an access token, and show it this once')
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).makeOptionMandatory())
    .option('--expires <duration>', 'such as 12h or 30d (no end)', durationSeconds)
    .option('--note <text>', 'whom it is for; kept beside the ledger, and erasable')
    .addHelpText('after', '\nviewer: hosts, pools, machines, leases · operator: also acts on them · auditor: also reads the ledger, replays it, lists tokens · admin: everything')
    .action(handled(async () => (await import('../token/token-commands.js')).createToken));
  withHost(token.command('list'))
    .description('the access tokens that were made, without the tokens themselves')
    .action(handled(async () => (await import('../token/token-commands.js')).listTokens));
  withHost(token.command('revoke <id>'))
    .description('end an access token: it is refused everywhere within five seconds')
    .action(async (id: string, own: unknown, command: Command) => handled(async () => (await import('../token/token-commands.js')).revokeToken(id))(own, command));
};
