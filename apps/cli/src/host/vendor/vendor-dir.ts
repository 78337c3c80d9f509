import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SigningKey } from '@muster/trust';
import { readPrivateKeyFile } from '@muster/trust';
import type { AccessOptions } from '../../access/host-access.js';
import { dataDirPaths, findDataDir } from '../../data-dir/data-dir.js';
import { CliFailure } from '../../failure/cli-failure.js';

/** Where the secrets of a host are, for commands that need more than the operator's token. */
export interface VendorOptions extends AccessOptions {
  readonly vendor?: string;
}

/** What lies in a host's vendor directory besides the pinned root. All of it is private. */
export const vendorFiles = (dir: string) => ({
  hostKey: join(dir, 'host-key.private.json'),
  /** The host key that was installed, as it was typed: the authority asks for it. */
  activationKey: join(dir, 'activation-key'),
  /** The last confirmation of this host: applied again after a reinstall, it uses nothing. */
  confirmation: join(dir, 'confirmation.json'),
  /** What is carried to the authority by hand. */
  request: join(dir, 'installation-request.jws'),
  signingKeys: join(dir, 'keys'),
});

/** The directory that was named, or that of the local host. @throws CliFailure `notFound` */
export const findVendorDir = ({ vendor, data }: VendorOptions, cwd = process.cwd()): string => {
  if (vendor !== undefined) return resolve(cwd, vendor);
  const dataDir = data === undefined ? findDataDir(cwd) : resolve(cwd, data);
  const dir = dataDir === undefined ? undefined : dataDirPaths(dataDir).vendor;
  if (dir !== undefined && existsSync(dir)) return dir;
  throw new CliFailure('notFound', "The host's own key is needed, and no data directory with it is here.", { remedy: 'Run the command where the host was started, or name the directory of its keys by --vendor.' });
};

/** @throws CliFailure `notFound` */
export const readHostKey = async (dir: string): Promise<SigningKey> => {
  const path = vendorFiles(dir).hostKey;
  if (!existsSync(path)) throw new CliFailure('notFound', `${path} is not there: without it nothing can be signed for this host.`, { remedy: 'Restore it from its backup.' });
  return readPrivateKeyFile(path);
};
