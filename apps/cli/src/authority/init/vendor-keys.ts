import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { DAY_SECONDS, systemClock, systemDraws, toNumericDate } from '@muster/kernel';
import type { SigningKey } from '@muster/trust';
import { generateKeyPair, issueIntermediateCertificate, readPrivateKeyFile, writePrivateKeyFile, writePublicKeyFile } from '@muster/trust';
import { CliFailure } from '../../failure/cli-failure.js';
import { authorityPaths } from '../access/authority-dir.js';

const OWNER_ONLY = 0o700;
const EVERYBODY_READS = 0o644;

/** A clock that runs a little behind must not find a certificate of today not valid yet. */
const BACKDATED_SECONDS = 300;

interface Intermediate {
  readonly vendor: string;
  readonly days: number;
  readonly rootKey: SigningKey;
}

/** Makes a fresh intermediate; the files of an earlier one stay beside it until both new ones are there. */
const makeIntermediate = async (dir: string, { vendor, days, rootKey }: Intermediate): Promise<{ readonly signer: string; readonly expiresAt: number }> => {
  const paths = authorityPaths(dir);
  const key = generateKeyPair();
  const now = toNumericDate(systemClock.nowMs());
  const claims = { iss: vendor, sub: key.id, jti: systemDraws.uuid(), iat: now, nbf: now - BACKDATED_SECONDS, exp: now + days * DAY_SECONDS, cnf: { jwk: { ...key.publicJwk } } };
  const jws = await issueIntermediateCertificate({ claims, rootKey });
  const [newKey, newCertificate] = [`${paths.intermediatePrivate}.${key.id}`, `${paths.intermediate}.${key.id}`];
  await writePrivateKeyFile(newKey, key);
  await writeFile(newCertificate, `${jws}\n`, { mode: EVERYBODY_READS, flush: true });
  renameSync(newKey, paths.intermediatePrivate);
  renameSync(newCertificate, paths.intermediate);
  return { signer: key.id, expiresAt: claims.exp };
};

export interface NewVendor {
  readonly vendor: string;
  readonly days: number;
}

export interface VendorKeys {
  readonly root: string;
  readonly signer: string;
  /** Of the intermediate; seconds since the epoch. */
  readonly expiresAt: number;
}

/** Makes the vendor's root and a first intermediate. @throws CliFailure `conflict` when there is a vendor already: its root is pinned in products */
export const makeVendor = async (dir: string, { vendor, days }: NewVendor): Promise<VendorKeys> => {
  const paths = authorityPaths(dir);
  if (existsSync(paths.rootPublic)) throw new CliFailure('conflict', `There is a vendor in ${paths.keys} already.`, { remedy: 'A vendor keeps its root for life: `muster authority renew-intermediate` renews what signs day to day.' });
  mkdirSync(paths.keys, { recursive: true, mode: OWNER_ONLY });
  // An attempt that broke off may have left a root that nobody has seen yet: it is as good as a fresh one.
  if (!existsSync(paths.rootPrivate)) await writePrivateKeyFile(paths.rootPrivate, generateKeyPair());
  const rootKey = await readPrivateKeyFile(paths.rootPrivate);
  const intermediate = await makeIntermediate(dir, { vendor, days, rootKey });
  await writePublicKeyFile(paths.rootPublic, rootKey.publicJwk);
  return { root: rootKey.id, ...intermediate };
};

/** @throws CliFailure when the key is not the root that is pinned */
export const renewIntermediate = async (dir: string, { rootKeyFile, vendor, days, root }: NewVendor & { readonly rootKeyFile: string; readonly root: string }): Promise<VendorKeys> => {
  const rootKey = await readPrivateKeyFile(rootKeyFile).catch((error: unknown) => {
    throw new CliFailure('usage', `The root's private key cannot be used: ${error instanceof Error ? error.message : String(error)}.`, { remedy: 'Bring it back from where it is kept, and name it by --root-key FILE.', cause: error });
  });
  if (rootKey.id !== root) throw new CliFailure('conflict', `${rootKeyFile} is another root than the one of this authority.`);
  return { root, ...(await makeIntermediate(dir, { vendor, days, rootKey })) };
};
