import type { Command } from 'commander';
import { handled } from './handled.js';

const withDir = (command: Command): Command => command.option('--dir <dir>', "where the machine's key and leases are kept (MUSTER_MACHINE_DIR; else ~/.muster-machine)");

const withProducts = (command: Command): Command => command.option('--product <name>', 'such as acme.workstation (all that were asked for)');

const withRoot = (command: Command): Command =>
  withDir(command)
    .option('--root <file>', "the vendor's public root key, to verify leases against")
    .option('--data <dir>', 'data directory of a local host, whose root key and address are used when no other are known');

const withMachine = (command: Command): Command => withProducts(withRoot(command));

const withHosts = (command: Command): Command =>
  withRoot(command)
    .option('--host <address>', 'host, host:port or address, several joined by commas (those set by `set-host`; MUSTER_HOST; else by DNS where a domain is set; else the local host)')
    .option('--hostname <name>', "name to be shown to the host's operator (the system's)")
    .option('--virtual', 'say that this is a virtual machine; kept for later')
    .option('--authority <url>', "the vendor's authority, where a multiple activation key is installed; kept for later (MUSTER_AUTHORITY)")
    .option('--evidence [dir]', "show what the firmware says, for a product licensed as an upgrade: its tables are read from here (the system's)");

const withEnrolment = (command: Command): Command =>
  command.option('--enrolment <token>', 'enrol by this token; better MUSTER_ENROLMENT_TOKEN_FILE, which other users cannot see');

const withContact = (command: Command): Command => withProducts(withHosts(command));

/** What slmgr users know as /ipk, /upk, /dti and /atp. */
const addKeyCommands = (machine: Command): void => {
  withContact(machine.command('install-key <key>'))
    .description('install a key, and with it the method: a setup key means volume, a multiple activation key one activation for good (- reads it from standard input)')
    .action(async (key: string, own: unknown, command: Command) => handled(async () => (await import('../machine/keys.js')).installKey(key))(own, command));
  withMachine(machine.command('remove-key'))
    .description('remove the key: the product is activated by volume again')
    .action(handled(async () => (await import('../machine/keys.js')).removeKey));
  withMachine(machine.command('setup-key'))
    .description("show the product's setup key, which is public, by which it is activated by volume")
    .action(handled(async () => (await import('../machine/keys.js')).showSetupKey));
  withContact(machine.command('installation-code'))
    .description('say what somebody else takes to the authority for this machine; no key is in it')
    .option('--output <file>', 'write it there')
    .option('--leave', 'leave it with the host instead, and fetch the answer there')
    .option('--without-personal-data', 'without the name of the machine')
    .action(handled(async () => (await import('../machine/installation.js')).installationCode));
  withContact(machine.command('confirm <file>'))
    .description('apply the permanent lease that somebody else obtained')
    .action(async (file: string, own: unknown, command: Command) => handled(async () => (await import('../machine/installation.js')).confirmMachine(file))(own, command));
};

const withDns = (command: Command): Command =>
  command
    .option('--site <site>', 'the site that the machine stands in, whose hosts are asked first (MUSTER_SITE)')
    .option('--label <label>', 'under which the hosts are listed (MUSTER_DNS_LABEL; else _muster._tcp)')
    .option('--search-parents', 'look in the domains above as well, down to two labels')
    .option('--allow-http', 'take plain http from DNS also for hosts on other machines')
    .option('--resolver <servers>', 'DNS servers, ip or ip:port, several joined by commas (MUSTER_DNS_RESOLVERS; else those of the system)');

const addDnsCommands = (machine: Command): void => {
  withDns(withDir(machine.command('set-domain <domain...>')))
    .description('find hosts by DNS in these domains (else MUSTER_DOMAIN; without a host here, in its own domain)')
    .action(async (domains: readonly string[], own: unknown, command: Command) => handled(async () => (await import('../machine/set-domain.js')).setDomain(domains))(own, command));
  withDir(machine.command('clear-domain'))
    .description('forget the domains that were set')
    .action(handled(async () => (await import('../machine/set-domain.js')).clearDomain));
  withDns(withMachine(machine.command('discover')))
    .description('look for hosts by DNS now: every step, their order, and whether each proves itself (exit code 7 without one)')
    .option('--domain <domains>', 'look there, several joined by commas')
    .action(handled(async () => (await import('../machine/discover.js')).discover));
};

export const addMachineCommands = (program: Command): void => {
  const machine = program.command('machine').description('act as a client machine');
  withEnrolment(withContact(machine.command('run')))
    .description('look after the leases: activate, renew and retry in the background')
    .option('--once', 'do what is due now, and end')
    .action(handled(async () => (await import('../machine/run.js')).runMachine));
  withMachine(machine.command('show'))
    .description('the machine and its leases, verified offline (exit code 6 without a good one)')
    .option('--detail', 'everything that is known of them')
    .action(handled(async () => (await import('../machine/show.js')).showMachine));
  withMachine(machine.command('expiry'))
    .description('until when each product is activated')
    .action(handled(async () => (await import('../machine/show.js')).showExpiry));
  withEnrolment(withHosts(machine.command('activate')))
    .description('activate now: a lease of a host (exit code 6 while it has counted too few machines), or for good where a multiple activation key is installed')
    .requiredOption('--product <name>', 'such as acme.workstation')
    .action(handled(async () => (await import('../machine/activate.js')).activate));
  withContact(machine.command('renew'))
    .description('renew the leases now')
    .action(handled(async () => (await import('../machine/contact-commands.js')).renewMachine));
  withContact(machine.command('release'))
    .description('give the leases back; no new one is asked for until `activate`')
    .action(handled(async () => (await import('../machine/contact-commands.js')).releaseMachine));
  withMachine(machine.command('verify'))
    .description("verify the leases offline, with the vendor's root key alone")
    .action(handled(async () => (await import('../machine/verify.js')).verifyMachine));
  addKeyCommands(machine);
  withDir(machine.command('set-host <address>'))
    .description('ask this host (host[:port]) and no other: no failover')
    .action(async (address: string, own: unknown, command: Command) => handled(async () => (await import('../machine/settings.js')).setHost(address))(own, command));
  withDir(machine.command('clear-host'))
    .description('find hosts without help again')
    .action(handled(async () => (await import('../machine/settings.js')).clearHost));
  addDnsCommands(machine);
  withDir(machine.command('generalize'))
    .description('forget the identity and the leases, before the disk is copied to other machines')
    .action(handled(async () => (await import('../machine/settings.js')).generalize));
};
