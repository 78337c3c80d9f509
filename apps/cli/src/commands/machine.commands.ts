import type { Command } from 'commander';
import { handled, withHost } from './handled.js';

const DIR_HELP = "where the machine's key and leases are kept (MUSTER_MACHINE_DIR; else ~/.muster-machine)";
const ROOT_HELP = "the vendor's public root key, to verify leases against";

export const addMachineCommands = (program: Command): void => {
  const machine = program.command('machine').description('act as a client machine');
  withHost(machine.command('activate'))
    .description('ask for a lease (exit code 6 while the host has counted too few machines)')
    .requiredOption('--product <name>', 'such as acme.workstation')
    .option('--dir <dir>', DIR_HELP)
    .option('--virtual', 'say that this is a virtual machine')
    .option('--hostname <name>', "name to be shown to the host's operator (the system's)")
    .option('--root <file>', `${ROOT_HELP}; kept for later`)
    .action(handled(async () => (await import('../machine/activate.js')).activate));
  machine
    .command('show')
    .description('the machine and its leases, verified offline (exit code 6 without a good one)')
    .option('--dir <dir>', DIR_HELP)
    .option('--root <file>', ROOT_HELP)
    .option('--data <dir>', 'data directory of a local host, whose root key is used when no other is known')
    .action(handled(async () => (await import('../machine/show.js')).showMachine));
};
