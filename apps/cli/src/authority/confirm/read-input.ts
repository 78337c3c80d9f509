import { readFileSync } from 'node:fs';
import { compactJws } from '@muster/contracts';
import { CliFailure } from '../../failure/cli-failure.js';

const STANDARD_INPUT = 0;

const read = (file: string | number): string => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CliFailure('notFound', `${file === STANDARD_INPUT ? 'standard input' : file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}.`, { cause: error });
  }
};

/** A key as it was typed; `-` stands for standard input, where no other user of the machine sees it. */
export const keyOf = (typed: string): string => (typed === '-' ? read(STANDARD_INPUT) : typed);

/** @throws CliFailure `usage` when the file holds no signed request */
export const readRequest = (file: string): string => {
  const text = read(file);
  if (!compactJws.safeParse(text).success) throw new CliFailure('usage', `${file} is not a signed request.`);
  return text;
};

const requestsIn = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value.map((entry: unknown) => (typeof entry === 'object' && entry !== null && 'request' in entry ? entry.request : entry));
  if (typeof value !== 'object' || value === null) return [];
  if ('entries' in value) return requestsIn(value.entries);
  return 'requests' in value ? requestsIn(value.requests) : requestsIn([value]);
};

/** The signed requests of a file: a collection of `muster proxy collect`, what one machine wrote, a list in JSON, or one request a line. @throws CliFailure `usage` */
export const readRequests = (file: string): readonly string[] => {
  const text = read(file);
  let found: readonly unknown[];
  try {
    found = text.startsWith('{') || text.startsWith('[') ? requestsIn(JSON.parse(text)) : text.split(/\s+/);
  } catch {
    found = [];
  }
  const requests = found.filter((entry): entry is string => compactJws.safeParse(entry).success);
  if (requests.length === 0 || requests.length < found.length) throw new CliFailure('usage', `${file} is not a list of signed requests.`, { remedy: 'Give a collection, or a file with one request a line.' });
  return requests;
};
