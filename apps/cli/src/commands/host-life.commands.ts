import { hostRetirementReasons } from '@muster/contracts';
import type { Command } from 'commander';
import { Option } from 'commander';
import { handled, withHost } from './handled.js';

const withVendor = (command: Command): Command => withHost(command).option('--vendor <dir>', "directory of the host's own keys (vendor, in the data directory)");

const withAuthority = (command: Command): Command => command.option('--authority <url>', "address of the vendor's authority");

/** From the host key of the vendor to the retirement of the host. */
export const addHostLifeCommands = (host: Command): void => {
  withAuthority(withVendor(host.command('install-key <key>')))
    .description("install the vendor's host key; `-` reads it from standard input, where no process list shows it")
    .option('--policies <file>', 'the signed policies that came with it, instead of asking the authority')
    .action(async (key: string, own: unknown, command: Command) => handled(async () => (await import('../host/install-key/install-key.js')).installKey(key))(own, command));
  withAuthority(withVendor(host.command('activate')))
    .description('activate the host on line, or renew its certificate; a confirmation that is kept here is applied again for nothing')
    .action(handled(async () => (await import('../host/activate/activate-host.js')).activateHost));
  withVendor(host.command('installation-code'))
    .description('what is read to the vendor where there is no way to the authority; the same is written as a file')
    .option('--output <file>', 'where to write it (installation-request.jws beside the host key)')
    .action(handled(async () => (await import('../host/activate/installation-code.js')).showInstallationCode));
  withVendor(host.command('confirm <confirmation...>'))
    .description("activate the host with the vendor's answer: the code that was read out, or its file")
    .action(async (given: readonly string[], own: unknown, command: Command) => handled(async () => (await import('../host/activate/confirm-host.js')).confirmHost(given))(own, command));
  withVendor(host.command('rotate-key'))
    .description('have another key sign leases: published first, vouched for by the host key')
    .option('--compromised', 'the key that signs now got out: it signs nothing more, from this moment on')
    .action(handled(async () => (await import('../host/rotate-key/rotate-key.js')).rotateKey));
  withHost(host.command('retire'))
    .description('end the service of this host; its leases stay good until their ends')
    .addOption(new Option('--reason <reason>', 'why').choices(hostRetirementReasons).makeOptionMandatory())
    .action(handled(async () => (await import('../host/retire/retire-host.js')).retireHost));
  withAuthority(withHost(host.command('install-revocations [file]')))
    .description("install the vendor's list of certificates and keys that are not to be believed any more")
    .action(async (file: string | undefined, own: unknown, command: Command) => handled(async () => (await import('../host/revocations/install-revocations.js')).installRevocations(file))(own, command));
};
