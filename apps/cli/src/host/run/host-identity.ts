import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDevelopmentVendor, generateKeyPair, readPublicKeyFile, writePrivateKeyFile, writePublicKeyFile } from '@muster/trust';
import { CliFailure } from '../../failure/cli-failure.js';

/** Where the keys of a host are, and the root key that its clients pin. */
export interface HostIdentity {
  readonly rootFile: string;
  readonly hostKeyFile: string;
  /** Of a host that is certified by a file; else its ledger holds the certificate, once it is activated. */
  readonly hostCertificateFile: string | undefined;
}

export interface IdentityOptions {
  readonly dir: string;
  readonly nowMs: number;
  /** A file with the public root key of the vendor whose products the host is to serve. */
  readonly vendorRoot?: string | undefined;
}

const DIRECTORY_OWNER_ONLY = 0o700;

const filesIn = (dir: string) => ({
  rootFile: join(dir, 'vendor-root.public.json'),
  hostKeyFile: join(dir, 'host-key.private.json'),
  hostCertificateFile: join(dir, 'host-certificate.jws'),
  /** Only a development vendor leaves its private half here. */
  developmentRootFile: join(dir, 'vendor-root.private.json'),
});

const readRoot = async (path: string) => {
  try {
    return await readPublicKeyFile(path);
  } catch (error) {
    throw new CliFailure('usage', `${path} is not a vendor's public root key: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
};

/** Pins the vendor's root, once and for all. @throws CliFailure `conflict` when the directory is another vendor's */
const pinRoot = async (vendorRoot: string, rootFile: string): Promise<void> => {
  const given = await readRoot(vendorRoot);
  await writePublicKeyFile(rootFile, given);
  if ((await readRoot(rootFile)).x === given.x) return;
  throw new CliFailure('conflict', `${rootFile} is the root key of another vendor.`, { remedy: 'A host serves one vendor: use another --data directory.' });
};

/**
 * The host's key and, if it came as a file, its certificate: those of the vendor whose root is pinned in the directory, where a fresh key pair makes a host that
 * is not activated yet; else those of a development vendor made here, activated without a hand on it.
 *
 * @throws CliFailure `conflict` when the directory is another vendor's, or its host key is gone
 */
export const ensureHostIdentity = async ({ dir, nowMs, vendorRoot }: IdentityOptions): Promise<HostIdentity> => {
  const files = filesIn(dir);
  const { rootFile, hostKeyFile, hostCertificateFile } = files;
  mkdirSync(dir, { recursive: true, mode: DIRECTORY_OWNER_ONLY });
  if (vendorRoot !== undefined) await pinRoot(vendorRoot, rootFile);
  if (!existsSync(rootFile) || existsSync(files.developmentRootFile)) return ensureDevelopmentVendor({ dir, nowMs });
  if (!existsSync(hostKeyFile) && vendorRoot === undefined) {
    throw new CliFailure('conflict', `${hostKeyFile} is gone: without it this is another host.`, {
      remedy: 'Restore the file from its backup; or give --vendor-root again, for a new host that has to be activated.',
    });
  }
  await writePrivateKeyFile(hostKeyFile, generateKeyPair());
  return { rootFile, hostKeyFile, hostCertificateFile: existsSync(hostCertificateFile) ? hostCertificateFile : undefined };
};
