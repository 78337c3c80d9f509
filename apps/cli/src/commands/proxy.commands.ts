import type { Command } from 'commander';
import { handled, withHost } from './handled.js';

/** Activation of machines that reach no authority, as volume activation management tools do it: collect, obtain elsewhere, apply. */
export const addProxyCommands = (program: Command): void => {
  const proxy = program.command('proxy').description('activate isolated machines for good, through a computer that reaches the authority');
  withHost(proxy.command('collect [files...]'))
    .description('gather installation requests: those that machines left with the host, or those of the files')
    .requiredOption('--output <file>', 'the collection; what it holds already stays')
    .option('--without-personal-data', 'without names of machines; such a collection can only be handed back where it came from')
    .action(async (files: readonly string[], own: unknown, command: Command) => handled(async () => (await import('../proxy/collect.js')).collectRequests(files))(own, command));
  proxy
    .command('obtain <collection>')
    .description('draw permanent leases from the authority for everything in it that has none (exit code 8 when some are refused)')
    .requiredOption('--authority <url>', "the vendor's authority")
    .option('--key <key>', 'the multiple activation key; - reads it from standard input')
    .option('--key-file <file>', 'a file that holds it')
    .action(async (collection: string, own: unknown, command: Command) => handled(async () => (await import('../proxy/obtain.js')).obtainLeases(collection))(own, command));
  withHost(proxy.command('apply <collection>'))
    .description('hand the leases back: to the host, from which each machine fetches its own, or to files')
    .option('--output <dir>', 'write one file for each machine there, for `muster machine confirm`')
    .action(async (collection: string, own: unknown, command: Command) => handled(async () => (await import('../proxy/apply.js')).applyCollection(collection))(own, command));
  proxy
    .command('show <collection>')
    .description('what is in a collection, by state')
    .option('--detail', 'each machine')
    .action(async (collection: string, own: unknown, command: Command) => handled(async () => (await import('../proxy/show.js')).showCollection(collection))(own, command));
};
