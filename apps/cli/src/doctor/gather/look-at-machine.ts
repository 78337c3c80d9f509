import type { MachineDirectory } from '@muster/client';
import type { RevocationListClaims } from '@muster/contracts';
import { isTokenRefused, type PublicJwk, verifyRevocationList } from '@muster/trust';
import { CliFailure } from '../../failure/cli-failure.js';
import { findRoot } from '../../machine/find-root.js';
import type { MachineOptions } from '../../machine/machine-place.js';
import { lookAtMachine } from '../../machine/shown-machine.js';
import type { MachineFacts } from '../facts.js';
import type { Skipped } from '../report.js';
import type { HostTrusted } from './prove-host.js';

/** What the machine keeps of whom it believes. */
export const trustedHere = async (options: Pick<MachineOptions, 'root' | 'data'>, directory: MachineDirectory): Promise<HostTrusted> => {
  const root = await rootHere(options, directory);
  return { root, revocations: root === undefined ? undefined : await revocationsHere(directory, root) };
};

const rootHere = async ({ root, data }: Pick<MachineOptions, 'root' | 'data'>, directory: MachineDirectory): Promise<PublicJwk | undefined> => {
  try {
    return (await findRoot({ given: root, directory, dataDir: data })).key;
  } catch (error) {
    if (error instanceof CliFailure && root === undefined) return undefined;
    throw error;
  }
};

const revocationsHere = async (directory: MachineDirectory, root: PublicJwk): Promise<RevocationListClaims | undefined> => {
  const { list } = directory.revocations();
  if (list === null) return undefined;
  try {
    return (await verifyRevocationList(list, { root })).claims;
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
    return undefined; // of another vendor than --root names
  }
};

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
