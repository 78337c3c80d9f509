import { hostname as systemHostname } from 'node:os';
import type { HandedBack, InstallationFile } from '@muster/contracts';
import { handedBackSchema } from '@muster/contracts';
import { replaceFile } from '@muster/trust';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { broughtAnswer, contactJson, contactWords, endOf } from './contact-end.js';
import { keepChoices, machineDirectory, openMachines, requireMachine, type MachineOptions, type OpenedMachine } from './machine-place.js';
import { readFormat } from './read-format.js';

interface RequestOptions extends MachineOptions {
  readonly output?: string;
  readonly leave?: boolean;
  readonly withoutPersonalData?: boolean;
}

const onlyProduct = async (options: MachineOptions): Promise<OpenedMachine> => {
  const directory = machineDirectory(options);
  const [opened, ...others] = await openMachines(options, directory);
  if (opened === undefined || others.length > 0) throw new CliFailure('usage', 'Name one product with --product PRODUCT.');
  keepChoices(options, directory, opened.root);
  return opened;
};

const leave = async ({ machine }: OpenedMachine, terminal: Terminal): Promise<ExitCode> => {
  const contact = await machine.leaveRequest();
  if (terminal.json) terminal.data(JSON.stringify(contactJson(contact)));
  else if (broughtAnswer(contact)) for (const line of contactWords(contact)) terminal.data(line);
  return contact.outcome.reply.type === 'waiting' ? exitCodes.ok : endOf(contact);
};

/** Says what somebody else takes to the authority for this machine: to a file, to standard output, or left with the host. No key is in it. */
export const installationCode = async (options: RequestOptions, terminal: Terminal): Promise<ExitCode> => {
  const opened = await onlyProduct(options);
  if (options.leave === true) return leave(opened, terminal);
  const { machine, product, request, requestId, digest } = await opened.machine.installationRequest();
  const hostname = options.withoutPersonalData === true ? null : (options.hostname ?? systemHostname());
  const file: InstallationFile = { format: 'muster-installation-request', version: 1, machine, product, hostname, request };
  if (options.output === undefined) terminal.data(JSON.stringify(file, undefined, 2));
  else replaceFile(options.output, `${JSON.stringify(file, undefined, 2)}\n`);
  if (terminal.json && options.output !== undefined) terminal.data(JSON.stringify({ product, machine, requestId, digest, output: options.output }));
  else if (!terminal.json) {
    if (options.output !== undefined) terminal.data(`${product}: the installation request is in ${options.output}.`);
    terminal.note(`digest ${digest}`);
    terminal.note('Take it to a computer that reaches the authority: `muster proxy collect`, `obtain` and `apply`; then `muster machine confirm FILE` here.');
  }
  return exitCodes.ok;
};

interface OwnLease {
  readonly machine: string;
  readonly product: string;
  readonly lease: string;
}

/** What of it is for this machine. A clerk's file holds those of many. @throws CliFailure `conflict` when there is nothing */
const ownLeases = (handed: HandedBack, { id, path }: { readonly id: string; readonly path: string }): readonly OwnLease[] => {
  const all = 'confirmations' in handed ? handed.confirmations.flatMap((one): readonly OwnLease[] => (one.outcome === 'granted' ? [one] : [])) : [handed];
  const own = all.filter(({ machine }) => machine === id);
  if (own.length === 0) throw new CliFailure('conflict', `${path} holds nothing for machine ${id}.`);
  return own;
};

/** Applies the permanent leases that somebody obtained for this machine. @throws CliFailure `conflict` when there is none that is believed */
export const confirmMachine = (path: string) => async (options: MachineOptions, terminal: Terminal): Promise<ExitCode> => {
  const id = await requireMachine(machineDirectory(options));
  const handed = readFormat(path, handedBackSchema, 'what `muster proxy apply` or `muster authority confirm-machines` writes');
  for (const { product, lease } of ownLeases(handed, { id, path })) {
    const opened = await onlyProduct({ ...options, product });
    const result = await opened.machine.confirm(lease);
    if (!result.applied) throw new CliFailure('conflict', `${product}: the lease in ${path} is not believed: ${result.detail} (${result.reason}).`);
    const { jti: leaseId, organisation } = result.claims;
    if (terminal.json) terminal.data(JSON.stringify({ product, machine: id, leaseId, organisation, permanent: true }));
    else terminal.data(`${product}: activated for good, for ${organisation} (permanent lease ${leaseId}, verified against ${opened.root.file}).`);
  }
  return exitCodes.ok;
};
