import type { Contact, Machine } from '@muster/client';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { patiently } from './activate.js';
import { broughtAnswer, contactJson, contactWords, endOf } from './contact-end.js';
import { machineDirectory, openMachines, requireMachine, type MachineOptions } from './machine-place.js';

/** For each product meant; the first one that fails ends the command, the others keep what they got. */
const contactEach =
  (nothing: string, ask: (machine: Machine) => Promise<Contact | undefined>) =>
  async (options: MachineOptions, terminal: Terminal): Promise<ExitCode> => {
    const directory = machineDirectory(options);
    await requireMachine(directory);
    const contacts: Contact[] = [];
    for (const { machine, product } of await openMachines(options, directory)) {
      const contact = await ask(machine);
      if (contact !== undefined) contacts.push(contact);
      if (terminal.json || (contact !== undefined && !broughtAnswer(contact))) continue;
      for (const line of contact === undefined ? [`${product}: ${nothing}`] : contactWords(contact)) terminal.data(line);
    }
    if (terminal.json) terminal.data(JSON.stringify(contacts.map(contactJson)));
    return contacts.map(endOf).find((code) => code !== exitCodes.ok) ?? exitCodes.ok;
  };

/** Renews now, whatever the schedule says; what is activated for good has nothing to renew. */
export const renewMachine = contactEach('activated for good: there is nothing to renew.', async (machine) => ((await machine.status()).permanent ? undefined : patiently(() => machine.renew())));

/** Gives the leases back; the machine then asks for none until it is activated again. */
export const releaseMachine = contactEach('no lease is held.', (machine) => machine.release());
