import type { Command } from 'commander';
import { oneMoreDomain, readEndpoint } from '../dns/dns-options.js';
import { handled, wholeNumber, withHost } from './handled.js';

const SRV_MAX = 65_535; // 16 bits, as SRV has them

const srvNumber = wholeNumber({ min: 0, max: SRV_MAX });

const withPreference = (command: Command): Command =>
  withHost(command)
    .option('--endpoint <name:port>', 'which gateway (the only one, where there is one)', readEndpoint)
    .option('--as-announced', 'take an earlier word back')
    .option('--dry-run', 'show what it would come to, and change nothing');

/** How a host is listed in DNS, against what it announces itself. */
export const addHostDnsCommands = (host: Command): void => {
  withPreference(host.command('set-priority').argument('[priority]', 'from 0 to 65535', srvNumber))
    .description('whom clients ask first in DNS: the lowest priority')
    .action(async (priority: number | undefined, own: unknown, command: Command) => handled(async () => (await import('../dns/orders/prefer.js')).setPriority(priority))(own, command));
  withPreference(host.command('set-weight').argument('[weight]', 'from 0 to 65535; in steps of ten, for 0 means rarely and not never', srvNumber))
    .description('how many of the clients it gets, among the hosts of one priority')
    .action(async (weight: number | undefined, own: unknown, command: Command) => handled(async () => (await import('../dns/orders/prefer.js')).setWeight(weight))(own, command));
  withPreference(host.command('set-domains').argument('[domain...]', 'such as corp.example', oneMoreDomain))
    .description('in which of the configured domains it is listed')
    .action(async (domains: readonly string[] | undefined, own: unknown, command: Command) => handled(async () => (await import('../dns/orders/prefer.js')).setDomains(domains ?? []))(own, command));
};
