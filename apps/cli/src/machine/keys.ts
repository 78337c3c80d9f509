import { text } from 'node:stream/consumers';
import { setupKeyOf } from '@muster/client';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import { reasonOf } from '../failure/problem-reason.js';
import type { Terminal } from '../terminal/terminal.js';
import { keepChoices, machineDirectory, openMachines, productsOf, requireMachine, type MachineOptions } from './machine-place.js';

/** `-` reads the key from standard input: a command line is seen by every user of the machine, and kept in a history. */
const typedKey = async (given: string): Promise<string> => (given === '-' ? (await text(process.stdin)).trim() : given);

const kindWords = { setup: 'setup key: the product is activated by volume', multiple: 'multiple activation key: the product is activated once, for good' } as const;

/** Installs a key, and with it the method. @throws CliFailure when it is mistyped, or for something else; nothing is sent */
export const installKey = (given: string) => async (options: MachineOptions, terminal: Terminal): Promise<ExitCode> => {
  const directory = machineDirectory(options);
  if (productsOf(options, directory).length > 1) throw new CliFailure('usage', 'A key is installed for one product: name it with --product PRODUCT.', { remedy: 'On several, a multiple activation key would be drawn on for each.' });
  const key = await typedKey(given);
  for (const { machine, product, root } of await openMachines(options, directory)) {
    keepChoices(options, directory, root);
    const result = await machine.installKey(key);
    if (!result.installed) throw new CliFailure(reasonOf({ code: result.code, status: 0 }), `${product}: ${result.detail} (${result.code})`, { remedy: 'Nothing was sent anywhere, and nothing has changed.' });
    const { kind, ending } = result.key;
    if (terminal.json) terminal.data(JSON.stringify({ product, key: { kind, ending }, reapplied: result.reapplied }));
    else {
      terminal.data(`${product}: the key ending ${ending} is installed (${kindWords[kind]}).`);
      if (result.reapplied) terminal.data('  The permanent lease of this key is here already, and in use again: nobody was asked.');
      else if (kind === 'multiple') terminal.data('  A lease that runs counts until the permanent one is there: `muster machine activate`, or the daemon, asks for it.');
    }
  }
  return exitCodes.ok;
};

/** Removes the key: the product is activated by volume again. */
export const removeKey = async (options: MachineOptions, terminal: Terminal): Promise<ExitCode> => {
  const directory = machineDirectory(options);
  await requireMachine(directory);
  for (const { machine, product } of await openMachines(options, directory)) {
    const removed = await machine.removeKey();
    if (terminal.json) terminal.data(JSON.stringify({ product, removed: removed === null ? null : { kind: removed.kind, ending: removed.ending } }));
    else terminal.data(removed === null ? `${product}: no key was installed.` : `${product}: the key ending ${removed.ending} is removed; the product is activated by volume again.`);
    if (removed?.kind === 'multiple') terminal.note('Its permanent lease is laid aside: installed again, the same key puts it back in use and uses nothing.');
  }
  return exitCodes.ok;
};

/** Tells each product's setup key, by which it is activated by volume. It is public. */
export const showSetupKey = async (options: MachineOptions, terminal: Terminal): Promise<ExitCode> => {
  const products = await openMachines(options, machineDirectory(options));
  const keys = products.map(({ product, root }) => ({ product, setupKey: setupKeyOf({ root: root.key, product }).key }));
  if (terminal.json) terminal.data(JSON.stringify(keys));
  else for (const { product, setupKey } of keys) terminal.data(`${product}  ${setupKey}`);
  return exitCodes.ok;
};
