import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { oneMoreDomain, readDomain, readEndpoint } from '../dns/dns-options.js';
import { recordFormats } from '../dns/records/record-formats.js';
import { handled, withHost } from './handled.js';

const withDomains = (command: Command): Command => withHost(command).option('--domain <domain>', 'only this one; may be repeated (all that are configured)', oneMoreDomain);

const withEndpoint = (command: Command): Command => withHost(command).option('--endpoint <name:port>', 'which gateway (the only one, where there is one)', readEndpoint);

const withDryRun = (command: Command): Command => command.option('--dry-run', 'show what it would come to, and change nothing');

const share = (text: string): number => {
  const value = /^(0|1|0?\.\d{1,6}|1\.0{1,6})$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new InvalidArgumentError('It must be a share from 0 to 1, such as 0.8.');
  return value;
};

const EXIT_CODES = '\nExit code 5: records of somebody else are in the way · 8: something is not as it should be';

export const addDnsCommands = (program: Command): void => {
  const dns = program.command('dns').description('where clients find the hosts: what stands in DNS, and what should');
  withHost(dns.command('status'))
    .description('endpoints, domains and servers as the registrar knows them, with failures and when they are tried again')
    .addHelpText('after', EXIT_CODES)
    .action(handled(async () => (await import('../dns/status/show-dns-status.js')).showDnsStatus));
  withDomains(dns.command('plan'))
    .description('ask DNS now, and show what would be changed: - goes, + comes, = is somebody else’s')
    .addHelpText('after', EXIT_CODES)
    .action(handled(async () => (await import('../dns/plan/plan-dns.js')).planDns));
  withDryRun(withDomains(dns.command('apply')))
    .description('make DNS what it should be, now instead of at the next comparison')
    .option('--delete-share <share>', 'how much of what is ours may be deleted in one go, this once, from 0 to 1', share)
    .addHelpText('after', EXIT_CODES)
    .action(handled(async () => (await import('../dns/plan/apply-dns.js')).applyDns));
  withDomains(dns.command('check'))
    .description('compare DNS with what is wanted and name each difference, with or without dynamic DNS')
    .addHelpText('after', EXIT_CODES)
    .action(handled(async () => (await import('../dns/plan/check-dns.js')).checkDns));
  withDomains(dns.command('records'))
    .description('what is to stand in DNS, exactly: to be entered by hand where there is no dynamic DNS')
    .addOption(new Option('--format <format>', 'zone lines, PowerShell, a change batch, or a table').choices(recordFormats))
    .action(handled(async () => (await import('../dns/records/list-records.js')).listRecords));
  withDryRun(withEndpoint(dns.command('publish')))
    .description('list an endpoint again that an administrator withdrew')
    .action(handled(async () => (await import('../dns/orders/publish.js')).publishEndpoint));
  withDryRun(withEndpoint(dns.command('withdraw')))
    .description('take an endpoint out of DNS, whatever it announces, until it is published again')
    .action(handled(async () => (await import('../dns/orders/publish.js')).withdrawEndpoint));
  withDryRun(withEndpoint(dns.command('take-over')))
    .description('let records be replaced that somebody else left under the name of our endpoint')
    .requiredOption('--domain <domain>', 'where', readDomain)
    .option('--confirm', 'it is meant: the other one’s records go')
    .action(handled(async () => (await import('../dns/orders/take-over.js')).takeOver));
  withDryRun(withHost(dns.command('scavenge')))
    .description('remove what this deployment left in DNS, nothing wants, and nobody renewed for two windows')
    .addHelpText('after', EXIT_CODES)
    .action(handled(async () => (await import('../dns/scavenge/scavenge.js')).scavenge));
};
