import type { Contact } from '@muster/client';
import { toInstant } from '@muster/kernel';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { contactJson, contactLine } from './contact-end.js';
import { keepChoices, machineDirectory, openMachines, type MachineOptions, type OpenedMachine } from './machine-place.js';
import { holdsGoodLease } from './show.js';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const onceEach = async (machines: readonly OpenedMachine[], { tell, terminal }: { readonly tell: (contact: Contact) => void; readonly terminal: Terminal }): Promise<ExitCode> => {
  const statuses = [];
  for (const { machine, product } of machines) {
    const contact = await machine.tick();
    const status = await machine.status();
    statuses.push(status);
    if (contact !== undefined) tell(contact);
    else if (!terminal.json) terminal.data(`${product} nothing is due${status.nextContactMs === null ? '' : ` until ${toInstant(status.nextContactMs)}`}`);
  }
  return holdsGoodLease(statuses) ? exitCodes.ok : exitCodes.notActivated;
};

/** The daemon: activates, renews and retries each product when it is due; one line a contact. With `once` it does what is due, and ends. */
export const runMachine = async (options: MachineOptions & { readonly once?: boolean }, terminal: Terminal): Promise<ExitCode> => {
  const directory = machineDirectory(options);
  const machines = await openMachines(options, directory);
  for (const { root } of machines.slice(0, 1)) keepChoices(options, directory, root);
  const onContact = (contact: Contact): void => terminal.data(terminal.json ? JSON.stringify(contactJson(contact)) : contactLine(contact));
  if (options.once === true) return onceEach(machines, { tell: onContact, terminal });

  const stopping = new AbortController();
  for (const signal of STOP_SIGNALS) process.once(signal, () => stopping.abort());
  const onError = (error: unknown): void => terminal.note(`error: ${error instanceof Error ? error.message : String(error)}`);
  terminal.note(`machine ${machines[0]?.machine.id} looks after ${machines.map(({ product }) => product).join(', ')} (${directory.path})`);
  await Promise.all(machines.map(({ machine }) => machine.run({ signal: stopping.signal, onContact, onError })));
  return exitCodes.ok;
};
