import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Days of a quiet host, an hour of a loud one; one older file is kept, so a service never fills a disk. */
const LOG_BYTES_MAX = 16 * 1024 * 1024;

export interface LogFile {
  write(line: string): void;
  close(): void;
}

/** Appends lines to a file that only its owner may read; a full one becomes `NAME.1`, in place of the last such. */
export const openLogFile = (path: string, bytesMax = LOG_BYTES_MAX): LogFile => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let file = openSync(path, 'a', 0o600);
  let size = fstatSync(file).size;
  const rotate = (): void => {
    closeSync(file);
    renameSync(path, `${path}.1`);
    file = openSync(path, 'a', 0o600);
    size = 0;
  };
  let open = true;
  return {
    write: (line) => {
      if (!open) return; // a last word of a process that is gone already
      if (size > bytesMax) rotate();
      size += writeSync(file, `${line}\n`);
    },
    close: () => {
      if (open) closeSync(file);
      open = false;
    },
  };
};
