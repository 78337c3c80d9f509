import { open } from 'node:fs/promises';
import { invalid } from '../dns-failure.js';
import { createTsigKey, type TsigKey } from './tsig-key.js';

const FILE_BYTES_MAX = 64 * 1024; // a key is 120 bytes
const OTHERS = 0o007;

/**
 * Reads a key from a file in BIND's form, as `tsig-keygen` writes it; `name` picks one of several.
 * Throws `invalid` when the file cannot be read, when anybody on the machine may (only owner and group should), or when it holds no such key.
 */
export async function readTsigKeyFile(file: string, options: { readonly name?: string } = {}): Promise<TsigKey> {
  const text = await readPrivately(file);
  const keys = parseTsigKeys(text);
  const found = options.name === undefined ? keys : keys.filter(({ name }) => name.toLowerCase() === options.name?.toLowerCase());
  const [key] = found;
  if (key === undefined) throw invalid(`${file} holds no key${options.name === undefined ? '' : ` ${options.name}`}`);
  if (found.length > 1) throw invalid(`${file} holds several keys (${keys.map(({ name }) => name).join(', ')}): name one`);
  return key;
}

async function readPrivately(file: string): Promise<string> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw invalid(`the key file ${file} cannot be read (${error.code ?? error.message})`);
  });
  try {
    const { mode, size } = await handle.stat();
    if ((mode & OTHERS) !== 0) throw invalid(`the key file ${file} is open to everybody on this machine: chmod o= ${file}`);
    if (size > FILE_BYTES_MAX) throw invalid(`the key file ${file} is too large to be one`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

// Strings first: a `#` or `//` inside one is no comment.
const TOKEN = /"([^"\n]*)"|\/\/[^\n]*|#[^\n]*|\/\*[^]*?\*\/|([{};])|([^\s"{};#]+)/g;

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

/** All `key "name" { algorithm …; secret "…"; };` statements of a text in BIND's syntax; other statements are refused, so that nothing is overlooked. */
export function parseTsigKeys(text: string): readonly TsigKey[] {
  const tokens: Token[] = [...text.matchAll(TOKEN)].flatMap(([, quoted, mark, word]) => {
    const value = quoted ?? mark ?? word;
    return value === undefined ? [] : [{ text: value, quoted: quoted !== undefined }];
  });
  const keys: TsigKey[] = [];
  let position = 0;
  const next = (expected?: string): string => {
    const token = tokens[position];
    position += 1;
    // What was found instead is not quoted: it may be the secret.
    if (token === undefined || (expected !== undefined && (token.quoted || token.text !== expected))) throw invalid(`a key file says ‘${expected ?? 'a value'}’ at its word ${position}`);
    return token.text;
  };
  while (position < tokens.length) {
    next('key');
    const name = next();
    next('{');
    const fields = new Map<string, string>();
    while (tokens[position]?.text !== '}') {
      fields.set(next(), next());
      next(';');
    }
    next('}');
    next(';');
    keys.push(createTsigKey({ name, algorithm: fields.get('algorithm') ?? '', secretBase64: fields.get('secret') ?? '' }));
  }
  return keys;
}
