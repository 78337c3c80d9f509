import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { base64url32 } from '@muster/contracts';
import { z } from 'zod';
import type { PublicJwk } from './public-jwk.js';
import { publicJwkSchema, thumbprintOf } from './public-jwk.js';

/**
 * An Ed25519 key pair that may sign.
 *
 * The private half is a `KeyObject`, which shows nothing of itself when printed, inspected or turned into JSON.
 */
export interface SigningKey {
  /** RFC 7638 thumbprint of the public half: the machine id, the host id, the `kid`. */
  readonly id: string;
  readonly publicJwk: PublicJwk;
  readonly privateKey: KeyObject;
}

const privateJwkSchema = z.strictObject({ ...publicJwkSchema.shape, d: base64url32 });

/** A private key as it stands in a file. Nothing but the code that writes that file should ask for one. */
export type PrivateJwk = Readonly<z.infer<typeof privateJwkSchema>>;

/** @throws Error when the key is not an Ed25519 private key */
export const signingKeyOf = (privateKey: KeyObject): SigningKey => {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 private key');
  const publicJwk = publicJwkSchema.parse(createPublicKey(privateKey).export({ format: 'jwk' }));
  return { id: thumbprintOf(publicJwk), publicJwk, privateKey };
};

export const generateKeyPair = (): SigningKey => signingKeyOf(generateKeyPairSync('ed25519').privateKey);

/** @throws Error when `jwk` is not an Ed25519 private JWK, or its public half belongs to another key; the message never quotes it */
export const importPrivateKey = (jwk: unknown): SigningKey => {
  const parsed = privateJwkSchema.safeParse(jwk);
  if (!parsed.success) throw new Error('not an Ed25519 private JWK: exactly kty "OKP", crv "Ed25519", x and d are expected');
  const key = signingKeyOf(createPrivateKey({ key: parsed.data, format: 'jwk' }));
  // OpenSSL takes d and ignores x. A file whose halves differ would sign under a name that nobody can verify.
  if (key.publicJwk.x !== parsed.data.x) throw new Error('the private JWK is damaged: its public half belongs to another key');
  return key;
};

export const exportPrivateKey = ({ privateKey }: SigningKey): PrivateJwk => privateJwkSchema.parse(privateKey.export({ format: 'jwk' }));
