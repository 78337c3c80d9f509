import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemDraws } from '@muster/kernel';

const OWNER_ONLY = 0o600;
const DIRECTORY_OWNER_ONLY = 0o700;

/** Replaces a file that only its owner may read: whoever reads it sees the old text or the new one, whole, also after a crash. */
export const replaceFile = (path: string, content: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: DIRECTORY_OWNER_ONLY });
  const draft = `${path}.${systemDraws.uuid()}.draft`;
  try {
    const file = openSync(draft, 'wx', OWNER_ONLY);
    try {
      writeSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  const directory = openSync(dirname(path), 'r');
  fsyncSync(directory);
  closeSync(directory);
};
