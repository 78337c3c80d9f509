import { existsSync } from 'node:fs';
import type { MachineDirectory } from '@muster/client';
import type { PublicJwk } from '@muster/trust';
import { readPublicKeyFile } from '@muster/trust';
import { dataDirPaths, findDataDir } from '../data-dir/data-dir.js';
import { CliFailure } from '../failure/cli-failure.js';

/** The root key that leases are verified against, and where it was found. */
export interface KnownRoot {
  readonly key: PublicJwk;
  readonly file: string;
}

export interface RootOptions {
  readonly given: string | undefined;
  readonly directory: MachineDirectory;
  readonly dataDir: string | undefined;
  readonly cwd?: string;
}

/**
 * The file given, else the one that the machine keeps, else that of a host on this machine.
 *
 * @throws CliFailure `usage` when none is known: without it anybody could answer for the vendor
 */
export const findRoot = async ({ given, directory, dataDir, cwd = process.cwd() }: RootOptions): Promise<KnownRoot> => {
  const local = dataDir ?? findDataDir(cwd);
  const file = given ?? [directory.rootFile, ...(local === undefined ? [] : [dataDirPaths(local).vendorRoot])].find((candidate) => existsSync(candidate));
  if (file === undefined) throw new CliFailure('usage', "The vendor's root key is not known here.", { remedy: "Give the vendor's public root key with --root FILE; `machine activate` and `machine run` keep it." });
  return { key: await readPublicKeyFile(file), file };
};
