import { systemClock } from '@muster/kernel';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import type { LeaseCheck } from './lease-check.js';
import { checkLease, findRoot } from './lease-check.js';
import type { LastAnswer } from './machine-dir.js';
import { machineDirPath, openMachineDir, readMachineKey } from './machine-dir.js';
import { machineLines } from './machine-lines.js';

export interface ShowOptions {
  readonly dir?: string;
  readonly root?: string;
  readonly data?: string;
}

export interface ShownProduct {
  readonly product: string;
  readonly lease: LeaseCheck | { readonly status: 'none' };
  readonly lastAnswer: LastAnswer | undefined;
  /** A request whose outcome is not known; the next `activate` repeats it. */
  readonly pendingRequestId: string | undefined;
}

export interface ShownMachine {
  readonly machine: string;
  readonly dir: string;
  readonly products: readonly ShownProduct[];
}

/** Shows the machine that the directory keeps, without asking any host; answers `notActivated` when it holds no lease that is good now. */
export const showMachine = async ({ dir, root: given, data }: ShowOptions, terminal: Terminal): Promise<ExitCode> => {
  const machine = openMachineDir(machineDirPath(dir));
  const key = await readMachineKey(machine.path);
  const root = await findRoot({ given, kept: machine.rootFile, dataDir: data });
  const nowMs = systemClock.nowMs();
  const products: ShownProduct[] = [];
  for (const product of machine.products()) {
    const lease = machine.lease(product);
    products.push({
      product,
      lease: lease === undefined ? { status: 'none' } : await checkLease(lease, { root, machine: key.id, product, nowMs }),
      lastAnswer: machine.answer(product),
      pendingRequestId: machine.pending(product)?.jti,
    });
  }
  const shown: ShownMachine = { machine: key.id, dir: machine.path, products };
  if (terminal.json) terminal.data(JSON.stringify(shown, undefined, 2));
  else for (const line of machineLines(shown)) terminal.data(line);
  return products.some(({ lease }) => lease.status === 'verified') ? exitCodes.ok : exitCodes.notActivated;
};
