import type { Command } from 'commander';
import { buildProgram } from './program.js';

const leavesOf = (command: Command): readonly string[] =>
  command.commands.length === 0 ? [command.name()] : command.commands.flatMap((child) => leavesOf(child).map((name) => (command.parent === null ? name : `${command.name()} ${name}`)));

/** Parses without running: usage errors come before any action. */
const parse = (...words: readonly string[]): Promise<unknown> => buildProgram({ json: true }).parseAsync(words, { from: 'user' });

describe('the command tree', () => {
  it('is what the documentation lists', () => {
    expect(leavesOf(buildProgram({ json: false }))).toEqual([
      'host run',
      'host clock',
      'host status',
      'host replay',
      'host accept-time',
      'host install-key',
      'host activate',
      'host installation-code',
      'host confirm',
      'host rotate-key',
      'host retire',
      'host install-revocations',
      'machine run',
      'machine show',
      'machine expiry',
      'machine activate',
      'machine renew',
      'machine release',
      'machine verify',
      'machine install-key',
      'machine remove-key',
      'machine setup-key',
      'machine installation-code',
      'machine confirm',
      'machine set-host',
      'machine clear-host',
      'machine generalize',
      'proxy collect',
      'proxy obtain',
      'proxy apply',
      'proxy show',
      'token create',
      'token list',
      'token revoke',
      'fleet enrol',
      'fleet simulate',
      'enrolment create',
      'enrolment list',
      'enrolment revoke',
      'events list',
      'events tail',
      'demo',
      'authority init',
      'authority run',
      'authority renew-intermediate',
      'authority catalogue check',
      'authority catalogue apply',
      'authority catalogue show',
      'authority issue-host-key',
      'authority issue-mak',
      'authority keys',
      'authority raise',
      'authority revoke',
      'authority confirm',
      'authority confirm-machines',
      'authority revoke-certificate',
      'authority revoke-key',
      'authority revocations',
      'authority events',
      'authority accept-time',
      'deploy init',
      'deploy migrate',
    ]);
  });

  it.each([
    [['host', 'run', '--port', '65536'], /from 0 to 65535/],
    [['host', 'run', '--port', '1e3'], /whole number/],
    [['host', 'run', '--replicas', 'gateway=2'], /gateway=2 is not activation=N, lease-renewal=N, counting=N or dns-registrar=N/],
    [['fleet', 'enrol'], /--machines/],
    [['fleet', 'enrol', '--machines', '0'], /from 1/],
    [['fleet', 'simulate', '--machines', '10'], /--days/],
    [['fleet', 'simulate', '--machines', '10', '--days', '3', '--outage', '9'], /2400\.\.2430/],
    [['machine', 'activate'], /--product/],
    [['enrolment', 'create', '--uses', '30'], /--expires/],
    [['enrolment', 'create', '--uses', '0', '--expires', '7d'], /from 1/],
    [['enrolment', 'create', '--uses', '30', '--expires', 'soon'], /duration/],
    [['events', 'list', '--after', '-1'], /whole number/],
    [['host', 'status', 'please'], /too many arguments/],
    [['demoo'], /unknown command/],
  ])('refuses %j', async (words, complaint) => {
    await expect(parse(...words)).rejects.toThrow(complaint);
  });
});
