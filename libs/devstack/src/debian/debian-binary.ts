import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Log } from '../log.js';
import { defaultCacheDir } from './cache-dir.js';
import { installedBinary, isUsableFile } from './installed-binary.js';
import { unpackPackages } from './unpack-packages.js';

export interface DebianBinaryOptions {
  /** The Debian package that brings the file. */
  readonly package: string;
  /** The file's name: a program (`nats-server`, `pgbench`) or a library (`libfaketime.so.1`). */
  readonly binary: string;
  /** Packages unpacked beside it, for the shared libraries that it needs. */
  readonly withPackages?: readonly string[];
  /** Further directories in which an installed one may be, each complete. */
  readonly installedIn?: readonly string[];
  readonly cacheDir?: string;
  readonly log?: Log;
}

export interface DebianBinary {
  readonly path: string;
  /** What the program needs in its environment (the way to its shared libraries); empty for an installed one. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds a program or library: installed on this machine, else in the cache, else from Debian's package unpacked into the cache, without root.
 * Rejects, with the remedies, when none of this works.
 */
export async function debianBinary(options: DebianBinaryOptions): Promise<DebianBinary> {
  const { binary, withPackages = [], installedIn = [], log = () => undefined } = options;
  const installed = installedBinary(binary, installedIn);
  if (installed !== undefined) return { path: installed, env: {} };

  try {
    const root = await unpackPackages({ packages: [options.package, ...withPackages], cacheDir: options.cacheDir ?? defaultCacheDir(), log });
    const files = (await readdir(root, { recursive: true })).map((name) => join(root, name));
    const path = files.find((file) => basename(file) === binary && isUsableFile(file));
    if (path === undefined) throw new Error(`the package ${options.package} has no ${binary}`);
    return { path, env: libraryPath(files) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${binary} is not installed, and Debian's package ${options.package} could not be fetched (${reason}). Install ${binary} so that it is on PATH`, { cause: error });
  }
}

function libraryPath(files: readonly string[]): Readonly<Record<string, string>> {
  const dirs = new Set(files.filter((file) => /\.so(\.\d+)*$/.test(file)).map(dirname));
  return dirs.size === 0 ? {} : { LD_LIBRARY_PATH: [...dirs].join(':') };
}
