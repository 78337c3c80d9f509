import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { developmentHostCertificate } from './development-vendor.js';
import { verifyHostCertificate } from './hosts/host-certificate.js';
import { readPrivateKeyFile, readPublicKeyFile, writePrivateKeyFile, writePublicKeyFile } from './keys/key.files.js';
import type { SigningKey } from './keys/signing-key.js';
import { generateKeyPair } from './keys/signing-key.js';
import { writeOnce } from './keys/write-once.js';

const DIRECTORY_MODE = 0o700;
const EVERYBODY_READS = 0o644;

export interface DevelopmentVendorFiles {
  /** The public root key, which clients pin. */
  readonly rootFile: string;
  readonly hostKeyFile: string;
  readonly hostCertificateFile: string;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const ensureKey = async (path: string): Promise<SigningKey> => {
  if (!(await exists(path))) await writePrivateKeyFile(path, generateKeyPair());
  return readPrivateKeyFile(path);
};

/** Reads a certificate file and holds it against the key that must have signed it and the key that it must be for. */
const checkCertificate = async (path: string, { vendorKey, hostKey }: { readonly vendorKey: SigningKey; readonly hostKey: SigningKey }): Promise<void> => {
  const { sub } = await verifyHostCertificate((await readFile(path, 'utf8')).trim(), { root: vendorKey.publicJwk, atMs: 'any-time' }).catch((error: unknown) => {
    throw new Error(`${path} was not signed by the development vendor beside it`, { cause: error });
  });
  if (sub !== hostKey.id) throw new Error(`${path} is for another host key than the one beside it`);
};

/**
 * Makes a development vendor and one certified host in `dir`, or takes what is there: files are written once, never replaced.
 *
 * @throws Error when the files do not belong together, or a private key is open to others
 */
export const ensureDevelopmentVendor = async ({ dir, nowMs }: { readonly dir: string; readonly nowMs: number }): Promise<DevelopmentVendorFiles> => {
  const rootFile = join(dir, 'vendor-root.public.json');
  const hostKeyFile = join(dir, 'host-key.private.json');
  const hostCertificateFile = join(dir, 'host-certificate.jws');
  await mkdir(dir, { recursive: true, mode: DIRECTORY_MODE });
  // Keys first, and read back: of two that start at once, both go on with the keys of the one that wrote first.
  const vendorKey = await ensureKey(join(dir, 'vendor-root.private.json'));
  const hostKey = await ensureKey(hostKeyFile);
  await writePublicKeyFile(rootFile, vendorKey.publicJwk);
  if ((await readPublicKeyFile(rootFile)).x !== vendorKey.publicJwk.x) throw new Error(`${rootFile} is not the public half of the key beside it`);
  if (!(await exists(hostCertificateFile))) {
    const { jws } = await developmentHostCertificate({ vendorKey, hostPublicKey: hostKey.publicJwk, nowMs });
    await writeOnce(hostCertificateFile, `${jws}\n`, EVERYBODY_READS);
  }
  await checkCertificate(hostCertificateFile, { vendorKey, hostKey });
  return { rootFile, hostKeyFile, hostCertificateFile };
};
