import { existsSync } from 'node:fs';
import type { LeaseClaims } from '@muster/contracts';
import type { PublicJwk } from '@muster/trust';
import { isTokenRefused, readPublicKeyFile, verifyLease } from '@muster/trust';
import { findDataDir, dataDirPaths } from '../data-dir/data-dir.js';

/** The root key that leases are verified against, and where it was found. */
export interface KnownRoot {
  readonly key: PublicJwk;
  readonly file: string;
}

/** The file given, else the one that the machine keeps, else that of a host on this machine; undefined when no root is known. */
export const findRoot = async (options: { readonly given: string | undefined; readonly kept: string; readonly dataDir: string | undefined; readonly cwd?: string }): Promise<KnownRoot | undefined> => {
  if (options.given !== undefined) return { key: await readPublicKeyFile(options.given), file: options.given };
  const dataDir = options.dataDir ?? findDataDir(options.cwd ?? process.cwd());
  const file = [options.kept, ...(dataDir === undefined ? [] : [dataDirPaths(dataDir).vendorRoot])].find((candidate) => existsSync(candidate));
  return file === undefined ? undefined : { key: await readPublicKeyFile(file), file };
};

export type LeaseCheck =
  | { readonly status: 'verified'; readonly claims: LeaseClaims; readonly root: string }
  | { readonly status: 'refused'; readonly reason: string; readonly detail: string }
  /** No root key is known: the lease may be anybody's. */
  | { readonly status: 'unverified' };

/** Verifies a lease offline. */
export const checkLease = async (
  lease: string,
  { root, machine, product, nowMs }: { readonly root: KnownRoot | undefined; readonly machine: string; readonly product: string; readonly nowMs: number },
): Promise<LeaseCheck> => {
  if (root === undefined) return { status: 'unverified' };
  try {
    const { claims } = await verifyLease(lease, { root: root.key, atMs: nowMs, machine, product });
    return { status: 'verified', claims, root: root.file };
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
    return { status: 'refused', reason: error.reason, detail: error.detail };
  }
};
