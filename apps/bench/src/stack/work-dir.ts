import { mkdirSync, mkdtempSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Stoppables } from './stoppables.js';

/** `f_type` of a file system in memory, where fsync costs nothing and measures nothing. */
const TMPFS_MAGIC = 0x0102_1994;

/** Beside the installed packages: on the disk that the clone is on, and never committed. */
const ON_DISK = fileURLToPath(new URL('../../../../node_modules/.cache', import.meta.url));

const parentDir = (): string => {
  if (statfsSync(tmpdir()).type !== TMPFS_MAGIC) return tmpdir();
  mkdirSync(ON_DISK, { recursive: true });
  return ON_DISK;
};

/** A directory on a real disk for everything that a run writes; removed at its end. */
export const makeWorkDir = (stoppables: Stoppables): string => {
  const dir = mkdtempSync(join(parentDir(), 'muster-bench-'));
  stoppables.add(() => rm(dir, { recursive: true, force: true }));
  return dir;
};
