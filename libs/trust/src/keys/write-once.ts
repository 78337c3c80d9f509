import { link, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemDraws } from '@muster/kernel';

const flush = async (path: string): Promise<void> => {
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
};

const isTaken = (error: unknown): boolean => typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';

/**
 * Writes a file that does not exist yet, whole or not at all, and flushed to disk. The first writer wins.
 *
 * @returns whether this call made the file
 */
export const writeOnce = async (path: string, content: string, mode: number): Promise<boolean> => {
  const draft = `${path}.${systemDraws.uuid()}.draft`;
  try {
    const file = await open(draft, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    // link, not rename: rename would replace a key that another process wrote meanwhile.
    await link(draft, path);
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  } finally {
    await unlink(draft).catch(() => undefined);
  }
  await flush(dirname(path));
  return true;
};
