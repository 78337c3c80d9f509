import type { MachineDirectory } from '@muster/client';
import { CliFailure } from '../../failure/cli-failure.js';
import type { MachineOptions } from '../../machine/machine-place.js';
import { lookAtMachine } from '../../machine/shown-machine.js';
import type { MachineFacts } from '../facts.js';
import type { Skipped } from '../report.js';

/** The machine that is kept here; without asking anybody. */
export const machineHere = async (options: MachineOptions, { directory, nowMs }: { readonly directory: MachineDirectory; readonly nowMs: number }): Promise<{ readonly facts: MachineFacts } | { readonly skipped: Skipped }> => {
  const known = { dir: directory.path, quarantined: directory.discovery().quarantined.filter(({ untilMs }) => untilMs > nowMs) };
  if ((await directory.readKey()) === undefined) return { facts: { ...known, products: null } };
  try {
    return { facts: { ...known, products: (await lookAtMachine(options, directory)).products } };
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    return { skipped: { area: 'machine', subject: directory.path, reason: error.message } };
  }
};
