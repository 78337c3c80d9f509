import type { MachineDirectory } from '@muster/client';
import type { RevocationListClaims } from '@muster/contracts';
import { isTokenRefused, type PublicJwk, verifyRevocationList } from '@muster/trust';
import { CliFailure } from '../failure/cli-failure.js';
import { findRoot } from './find-root.js';
import type { MachineOptions } from './machine-place.js';

/** By what a host has to prove itself here. */
export interface HostTrusted {
  /** The vendor's; undefined where none is known: then nothing can be proved. */
  readonly root: PublicJwk | undefined;
  readonly revocations: RevocationListClaims | undefined;
}

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

/** What the machine keeps of whom it believes. @throws CliFailure when the root key that was named cannot be read */
export const trustedHere = async (options: Pick<MachineOptions, 'root' | 'data'>, directory: MachineDirectory): Promise<HostTrusted> => {
  const root = await rootHere(options, directory);
  return { root, revocations: root === undefined ? undefined : await revocationsHere(directory, root) };
};
