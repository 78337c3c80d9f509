import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublicJwk } from './public-jwk.js';
import { publicJwkSchema } from './public-jwk.js';
import type { SigningKey } from './signing-key.js';
import { exportPrivateKey, importPrivateKey } from './signing-key.js';
import { writeOnce } from './write-once.js';

/** Where the private half of a signing key is kept that the host key vouches for: by its name, so that whoever learns of it finds it. */
export const signingKeyFile = (directory: string, kid: string): string => join(directory, `${kid}.private.json`);

const OWNER_ONLY = 0o600;
const EVERYBODY_READS = 0o644;
const GROUP_OR_WORLD = 0o077;

const parseJson = (text: string, path: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Not the parser's own message: it quotes the text, and the text may be a private key.
    throw new Error(`${path} is not JSON`);
  }
};

/**
 * Stores a private key as a JWK that only its owner may read.
 *
 * @returns false when the file exists already; it is then left as it is
 */
export const writePrivateKeyFile = (path: string, key: SigningKey): Promise<boolean> =>
  writeOnce(path, `${JSON.stringify(exportPrivateKey(key), undefined, 2)}\n`, OWNER_ONLY);

const readPrivately = async (path: string): Promise<string> => {
  const file = await open(path, 'r');
  try {
    const { mode } = await file.stat();
    if ((mode & GROUP_OR_WORLD) !== 0) {
      throw new Error(`${path} holds a private key, but others may use it (mode ${(mode & 0o777).toString(8).padStart(4, '0')}). Run: chmod 600 ${path}`);
    }
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
};

/** @throws Error when the file is missing, is open to group or world, or holds no Ed25519 private JWK */
export const readPrivateKeyFile = async (path: string): Promise<SigningKey> => {
  const jwk = parseJson(await readPrivately(path), path);
  try {
    return importPrivateKey(jwk);
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : 'unusable'}`, { cause: error });
  }
};

export const writePublicKeyFile = (path: string, key: PublicJwk): Promise<boolean> => writeOnce(path, `${JSON.stringify(key, undefined, 2)}\n`, EVERYBODY_READS);

/** @throws Error when the file is missing or holds no Ed25519 public JWK */
export const readPublicKeyFile = async (path: string): Promise<PublicJwk> => {
  const parsed = publicJwkSchema.safeParse(parseJson(await readFile(path, 'utf8'), path));
  if (!parsed.success) throw new Error(`${path} is not an Ed25519 public JWK: exactly kty "OKP", crv "Ed25519" and x are expected`);
  return parsed.data;
};
