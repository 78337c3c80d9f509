import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemDraws } from '@muster/kernel';

const OWNER_ONLY = 0o600;

/** Replaces a file that only its owner may read: after a crash there is the old text or the new one, whole. */
export const replaceFile = (path: string, content: string): void => {
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
