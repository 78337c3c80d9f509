import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { CliFailure } from '../failure/cli-failure.js';

export interface KeyOptions {
  readonly key?: string;
  readonly keyFile?: string;
}

/** The key of the command line, of a file, or (`-`) of standard input, which neither other users nor a history see. @throws CliFailure `usage` */
export const secretKey = async ({ key, keyFile }: KeyOptions): Promise<string> => {
  if (key === '-') return (await text(process.stdin)).trim();
  if (key !== undefined) return key;
  if (keyFile === undefined) throw new CliFailure('usage', 'No key is given.', { remedy: 'Give it with --key-file FILE, or --key - to read it from standard input.' });
  try {
    return readFileSync(keyFile, 'utf8').trim();
  } catch (error) {
    throw new CliFailure('notFound', `The key cannot be read from ${keyFile}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}.`, { cause: error });
  }
};
