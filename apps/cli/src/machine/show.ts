import type { LicenceStatus } from '@muster/client';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { machineLines } from './machine-lines.js';
import { machineDirectory, type MachineOptions } from './machine-place.js';
import { lookAtMachine, standingWords } from './shown-machine.js';

const GOOD: readonly LicenceStatus[] = ['licensed', 'grace', 'notification'];

export const holdsGoodLease = (products: readonly { readonly status: LicenceStatus }[]): boolean => products.some(({ status }) => GOOD.includes(status));

/** Shows the machine that the directory keeps, without asking any host; answers `notActivated` when it holds no lease that is good now. */
export const showMachine = async (options: MachineOptions & { readonly detail?: boolean }, terminal: Terminal): Promise<ExitCode> => {
  const shown = await lookAtMachine(options, machineDirectory(options));
  if (terminal.json) terminal.data(JSON.stringify(shown, undefined, 2));
  else for (const line of machineLines(shown, { detail: options.detail === true })) terminal.data(line);
  return holdsGoodLease(shown.products) ? exitCodes.ok : exitCodes.notActivated;
};

/** One line a product: until when. */
export const showExpiry = async (options: MachineOptions, terminal: Terminal): Promise<ExitCode> => {
  const { products } = await lookAtMachine(options, machineDirectory(options));
  if (terminal.json) terminal.data(JSON.stringify(products.map(({ product, status, permanent, expiresAt, remainingSeconds }) => ({ product, status, permanent, expiresAt, remainingSeconds }))));
  else for (const shown of products) terminal.data(`${shown.product}  ${standingWords(shown)}`);
  return holdsGoodLease(products) ? exitCodes.ok : exitCodes.notActivated;
};
