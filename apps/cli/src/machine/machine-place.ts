import { readFileSync } from 'node:fs';
import { homedir, hostname as systemHostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { HostAddress, Machine, MachineDirectory } from '@muster/client';
import { httpTransport, openMachine, openMachineDirectory, parseAuthorityAddress } from '@muster/client';
import { dottedName } from '@muster/contracts';
import { CliFailure } from '../failure/cli-failure.js';
import type { KnownRoot } from './find-root.js';
import { findRoot } from './find-root.js';
import { followSource, hostSource } from './host-source.js';
import type { ShownOptions } from './shown-options.js';
import { shownOf } from './shown-options.js';

/** What the commands of `muster machine` have in common. */
export interface MachineOptions extends ShownOptions {
  readonly dir?: string;
  readonly product?: string;
  readonly host?: string;
  readonly data?: string;
  readonly root?: string;
  readonly hostname?: string;
  readonly virtual?: boolean;
  readonly authority?: string;
}

/** `--dir`, else MUSTER_MACHINE_DIR, else `~/.muster-machine`. */
export const machineDirectory = ({ dir }: Pick<MachineOptions, 'dir'>): MachineDirectory =>
  openMachineDirectory(resolve(dir ?? (process.env['MUSTER_MACHINE_DIR'] || join(homedir(), '.muster-machine'))));

/** The address of the vendor's authority as somebody gave it. @throws CliFailure `usage` */
export const authorityIn = (text: string): HostAddress => {
  const address = parseAuthorityAddress(text);
  if (address === undefined) throw new CliFailure('usage', `${text} is not the address of an authority.`, { remedy: 'Give its https address: the key is sent there. Plain http is for this machine alone.' });
  return address;
};

/** The authority given, else the one that was kept on this machine, else MUSTER_AUTHORITY. */
export const authorityFor = ({ authority }: Pick<MachineOptions, 'authority'>, directory: MachineDirectory): HostAddress | undefined => {
  const named = authority ?? directory.settings().authority ?? (process.env['MUSTER_AUTHORITY'] || undefined);
  return named === undefined ? undefined : authorityIn(named);
};

/** MUSTER_CA_FILE: certificates of the organisation's own authority, by which hosts are known over TLS. */
export const certificatesFor = (): string | undefined => {
  const file = process.env['MUSTER_CA_FILE'];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliFailure('usage', `The certificates cannot be read from ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}.`, { cause: error });
  }
};

const checked = (product: string): string => {
  if (!dottedName.safeParse(product).success) throw new CliFailure('usage', `${product} is not the name of a product; acme.workstation is one.`);
  return product;
};

/** The product named, else all that this machine ever asked for. @throws CliFailure `usage` when there is none */
export const productsOf = ({ product }: Pick<MachineOptions, 'product'>, directory: MachineDirectory): readonly string[] => {
  const products = product === undefined ? directory.products() : [checked(product)];
  if (products.length === 0) throw new CliFailure('usage', 'No product was asked for on this machine yet.', { remedy: 'Name one with --product PRODUCT.' });
  return products;
};

/** @throws CliFailure `notFound` when no machine was ever kept there */
export const requireMachine = async (directory: MachineDirectory): Promise<string> => {
  const key = await directory.readKey();
  if (key === undefined) throw new CliFailure('notFound', `No machine is kept in ${directory.path}.`, { remedy: 'Make one with `muster machine activate --product PRODUCT`, or name its directory with --dir.' });
  return key.id;
};

/** A product of the machine, ready to act, with what it was opened by. */
export interface OpenedMachine {
  readonly product: string;
  readonly machine: Machine;
  readonly root: KnownRoot;
}

/** Opens the products that are meant. A host or an authority that is set later is found at the next contact. */
export const openMachines = async (options: MachineOptions, directory: MachineDirectory): Promise<readonly OpenedMachine[]> => {
  const products = productsOf(options, directory);
  const root = await findRoot({ given: options.root, directory, dataDir: options.data });
  hostSource(options, directory); // a wrong one is said at once, not at a contact in the background
  const discovery = followSource(() => hostSource(options, directory));
  const transport = httpTransport({ addressesOf: discovery.addressesOf, ca: certificatesFor() });
  authorityFor(options, directory); // the same
  const authority = (): HostAddress | undefined => authorityFor(options, directory);
  const { hostname = systemHostname(), virtual = directory.settings().virtual } = options;
  const shown = shownOf(options);
  const opened: OpenedMachine[] = [];
  for (const product of products) {
    opened.push({ product, root, machine: await openMachine({ dir: directory.path, product, root: root.key, hosts: discovery, transport, authority, hostname, virtual, ...shown }) });
  }
  return opened;
};

/** Keeps what was said on the command line and the next start must know without being told: the root key, the authority, and whether the machine is virtual. */
export const keepChoices = ({ root, virtual, authority }: Pick<MachineOptions, 'root' | 'virtual' | 'authority'>, directory: MachineDirectory, known: KnownRoot): void => {
  if (root !== undefined && known.file !== directory.rootFile) directory.keepRoot(known.key);
  const settings = directory.settings();
  const chosen = { ...settings, ...(virtual === undefined ? {} : { virtual }), ...(authority === undefined ? {} : { authority: authorityIn(authority) }) };
  if (chosen.virtual !== settings.virtual || chosen.authority !== settings.authority) directory.keepSettings(chosen);
};
