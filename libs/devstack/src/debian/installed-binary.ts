import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

// An ordinary user's PATH leaves out the directories in which Debian puts servers.
const STANDARD_DIRS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'];

/** Finds a program or library that is installed on this machine: on PATH, in the standard places, or in the directories given. */
export const installedBinary = (binary: string, installedIn: readonly string[] = []): string | undefined =>
  [...(process.env['PATH'] ?? '').split(delimiter), ...STANDARD_DIRS, ...installedIn]
    .filter((dir) => dir.startsWith('/'))
    .map((dir) => join(dir, binary))
    .find(isUsableFile);

/** A program must be executable; a library need only be readable. */
export function isUsableFile(file: string): boolean {
  try {
    accessSync(file, /\.so(\.\d+)*$/.test(file) ? constants.R_OK : constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
