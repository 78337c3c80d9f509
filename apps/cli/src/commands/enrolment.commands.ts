import { ENROLMENT_USES_MAX } from '@muster/contracts';
import type { Command } from 'commander';
import { durationSeconds } from '../host/clock/duration.js';
import { handled, wholeNumber, withHost } from './handled.js';

export const addEnrolmentCommands = (program: Command): void => {
  const enrolment = program.command('enrolment').description('tokens by which machines enrol, where only enrolled machines count');
  withHost(enrolment.command('create'))
    .description('make a token and show it, this once')
    .requiredOption('--uses <n>', 'how many machines it enrols', wholeNumber({ min: 1, max: ENROLMENT_USES_MAX }))
    .requiredOption('--expires <duration>', 'such as 12h or 7d', durationSeconds)
    .action(handled(async () => (await import('../enrolment/tokens.js')).createToken));
  withHost(enrolment.command('list'))
    .description('the tokens, and what is left of each')
    .action(handled(async () => (await import('../enrolment/tokens.js')).listTokens));
  withHost(enrolment.command('revoke <token-id>'))
    .description('let a token enrol nobody any more; who enrolled by it stays enrolled')
    .action(async (tokenId: string, own: unknown, command: Command) => handled(async () => (await import('../enrolment/tokens.js')).revokeToken(tokenId))(own, command));
};
