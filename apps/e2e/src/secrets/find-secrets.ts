import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Something that must stand nowhere: how it is called, and every form in which it could stand there. */
export interface Secret {
  readonly name: string;
  readonly forms: readonly Buffer[];
}

/** A place that was looked through. */
export interface Place {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A secret as text; one of bytes (a private key) also as these bytes and in hexadecimal. */
export const secretOf = (name: string, text: string, encoding?: 'base64url'): Secret => {
  if (encoding === undefined) return { name, forms: [Buffer.from(text), Buffer.from(encodeURIComponent(text)), Buffer.from(Buffer.from(text).toString('base64url'))] };
  const bytes = Buffer.from(text, encoding);
  return { name, forms: [Buffer.from(text), bytes, Buffer.from(bytes.toString('hex')), Buffer.from(bytes.toString('base64'))] };
};

/** `name in place` for each secret that stands somewhere. */
export const findSecrets = (secrets: readonly Secret[], places: readonly Place[]): readonly string[] =>
  places.flatMap(({ name: place, bytes }) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return secrets.filter(({ forms }) => forms.some((form) => buffer.includes(form))).map(({ name }) => `${name} in ${place}`);
  });

/** Every file below a directory. */
export const filesBelow = (dir: string): readonly Place[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, path: join(dir, name) }))
    .filter(({ path }) => statSync(path).isFile())
    .map(({ name, path }) => ({ name, bytes: readFileSync(path) }));
