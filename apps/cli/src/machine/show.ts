import { systemClock } from '@muster/kernel';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { checkLease, findRoot } from './lease-check.js';
import { machineDirPath, openMachineDir, readMachineKey } from './machine-dir.js';
import { machineLines } from './machine-lines.js';
import type { ShownMachine, ShownProduct } from './shown-machine.js';

export interface ShowOptions {
  readonly dir?: string;
  readonly root?: string;
  readonly data?: string;
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
