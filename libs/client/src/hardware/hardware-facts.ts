import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { HardwarePart } from '@muster/contracts';

/** What tells each part of this machine from another's, in words; a part that cannot be read is left out. */
export type HardwareFacts = Readonly<Partial<Record<HardwarePart, string>>>;

const GIB = 2 ** 30;

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
};

const namesIn = (path: string): readonly string[] => {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
};

const joined = (texts: readonly string[]): string => texts.filter((text) => text !== '').join('\n');

/** Fields that everybody may read: serial numbers are root's, and evidence must not change with who looks. */
const BOARD_FIELDS = ['sys_vendor', 'product_name', 'board_vendor', 'board_name'] as const;

const board = (sys: string): string => joined(BOARD_FIELDS.map((field) => textOf(join(sys, 'class/dmi/id', field)))) || textOf(join(sys, 'firmware/devicetree/base/model'));

const processor = (): string => {
  const all = cpus();
  return all[0] === undefined ? '' : `${all.length} × ${all[0].model}`;
};

/** In whole GiB: what the kernel keeps for itself changes with its version. */
const memory = (): string => `${Math.round(totalmem() / GIB)} GiB`;

/** Loop devices, RAM disks and volumes made of others have no `device`; what can be pulled out is no part of the machine. */
const disks = (sys: string): string =>
  joined(
    namesIn(join(sys, 'block'))
      .map((name) => join(sys, 'block', name))
      .filter((path) => namesIn(join(path, 'device')).length > 0 && textOf(join(path, 'removable')) !== '1')
      .map((path) => [join(path, 'device/wwid'), join(path, 'wwid'), join(path, 'device/serial'), join(path, 'serial'), join(path, 'device/model')].map(textOf).find((text) => text !== '') ?? '')
      .sort(),
  );

const isPhysical = (path: string): boolean => {
  try {
    return realpathSync(join(path, 'device')) !== '';
  } catch {
    return false; // bridges, tunnels, the loopback
  }
};

/** Addresses that were burnt in: 0 in `addr_assign_type`. One that was made up at start would be another tomorrow. */
const network = (sys: string): string =>
  joined(
    namesIn(join(sys, 'class/net'))
      .map((name) => join(sys, 'class/net', name))
      .filter((path) => isPhysical(path) && textOf(join(path, 'addr_assign_type')) === '0')
      .map((path) => textOf(join(path, 'address')))
      .sort(),
  );

/** Reads what this machine is made of. Board, disk and network where Linux tells them, below `sys`. */
export const readHardwareFacts = (sys = '/sys'): HardwareFacts => {
  const facts = { board: board(sys), processor: processor(), memory: memory(), disk: disks(sys), network: network(sys) };
  return Object.fromEntries(Object.entries(facts).filter(([, text]) => text !== ''));
};
