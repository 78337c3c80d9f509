import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { SECOND_MS } from '@muster/kernel';

const PAGE = Buffer.alloc(8192, 1);
const SECONDS = 2;

/**
 * How often a second one 8 KiB page can be rewritten and flushed on the disk that is measured on: the `fdatasync` line of `pg_test_fsync`.
 * Whether the disk's owner keeps what it says is flushed, no program can tell.
 */
export const measureFsyncRate = async (dir: string): Promise<number> => {
  const file = await open(join(dir, 'fsync-rate'), 'w');
  try {
    await file.write(PAGE, 0, PAGE.length, 0);
    await file.sync();
    const startedMs = performance.now();
    let flushes = 0;
    for (; performance.now() - startedMs < SECONDS * SECOND_MS; flushes += 1) {
      await file.write(PAGE, 0, PAGE.length, 0);
      await file.datasync();
    }
    return Math.round((flushes * SECOND_MS) / (performance.now() - startedMs));
  } finally {
    await file.close();
  }
};
