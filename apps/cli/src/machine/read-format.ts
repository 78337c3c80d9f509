import { readFileSync } from 'node:fs';
import { CliFailure } from '../failure/cli-failure.js';

/** What checks a value: a schema of the contracts. */
interface Schema<T> {
  parse(value: unknown): T;
}

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliFailure('notFound', `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}.`, { cause: error });
  }
};

/** A file of one of Muster's own formats. @throws CliFailure `notFound`, `usage` */
export const readFormat = <T>(path: string, schema: Schema<T>, what: string): T => {
  const text = textOf(path);
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new CliFailure('usage', `${path} is not ${what}.`, { cause: error });
  }
};
