import { setTimeout as delay } from 'node:timers/promises';
import type { Contact } from '@muster/client';
import { SECOND_MS } from '@muster/kernel';
import { CliFailure } from '../failure/cli-failure.js';
import type { ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { broughtAnswer, contactJson, contactWords, endOf } from './contact-end.js';
import { keepChoices, machineDirectory, openMachines, type MachineOptions } from './machine-place.js';

/** How long a person waits for a part of the host that is away: parts come back within seconds. */
const PATIENCE_MS = 30_000;
const RETRY_DEFAULT_SECONDS = 2;

/** Asks, and again while the host says to come back soon; under one request id, for its outcome is not known. */
export const patiently = async (ask: () => Promise<Contact>): Promise<Contact> => {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const contact = await ask();
    const { reply } = contact.outcome;
    if (reply.type !== 'busy') return contact;
    const waitMs = (reply.retryAfterSeconds ?? RETRY_DEFAULT_SECONDS) * SECOND_MS;
    if (performance.now() + waitMs > giveUpAtMs) return contact;
    await delay(waitMs);
  }
};

/** Activates a product on the machine that the directory keeps; answers `notActivated` when the host has counted too few machines yet. */
export const activate = async (options: MachineOptions, terminal: Terminal): Promise<ExitCode> => {
  const directory = machineDirectory(options);
  const [opened] = await openMachines(options, directory);
  if (opened === undefined) throw new CliFailure('usage', 'No product is named.');
  keepChoices(options, directory, opened.root);
  const contact = await patiently(() => opened.machine.activate());
  if (broughtAnswer(contact)) {
    if (terminal.json) terminal.data(JSON.stringify({ machine: opened.machine.id, dir: directory.path, root: opened.root.file, ...contactJson(contact) }));
    else for (const line of [...contactWords(contact), `  machine  ${opened.machine.id}  (${directory.path})`]) terminal.data(line);
  }
  return endOf(contact);
};
