import { createPublicKey, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { decodeBase64, encodeBase64 } from './base64.js';
import { NoteRefused } from './note-refused.js';

/** What a key signs: a note's text (C2SP signed-note 0x01), or the text with the time at which it was seen (C2SP tlog-cosignature 0x04). */
export const noteSignatureTypes = { note: 0x01, cosignature: 0x04 } as const;
export type NoteSignatureType = keyof typeof noteSignatureTypes;

const PUBLIC_KEY_BYTES = 32;
const KEY_ID_BYTES = 4;

/** A key whose signatures are believed. */
export interface NoteKey {
  readonly name: string;
  readonly type: NoteSignatureType;
  /** Tells keys of one name apart; no security rests on its 32 bits. */
  readonly keyId: number;
  /** 32 bytes of RFC 8032. */
  readonly publicKey: Uint8Array;
}

/** A key that signs under a name. */
export interface NoteSigner {
  readonly name: string;
  /** Ed25519. */
  readonly privateKey: KeyObject;
}

/** A name stands in one line between spaces: no white space, no `+`, no control characters. */
const NAME = /^[^\p{White_Space}\p{Cc}+]+$/u;

export const isKeyName = (name: string): boolean => NAME.test(name) && Buffer.from(name, 'utf8').toString('utf8') === name;

const keyIdOf = (name: string, encodedKey: Uint8Array): number => Buffer.from(hash('sha256', Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), encodedKey]), 'hex').slice(0, KEY_ID_BYTES * 2), 'hex').readUInt32BE();

const encodedKeyOf = ({ type, publicKey }: Pick<NoteKey, 'type' | 'publicKey'>): Buffer => Buffer.concat([Buffer.of(noteSignatureTypes[type]), publicKey]);

/** @throws Error when the name cannot stand in a note or the key is not 32 bytes: a fault of the configuration */
export const noteKeyOf = ({ name, publicKey, type = 'note' }: { readonly name: string; readonly publicKey: Uint8Array; readonly type?: NoteSignatureType }): NoteKey => {
  if (!isKeyName(name)) throw new Error(`${JSON.stringify(name)} cannot name a key: white space and + are not allowed`);
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new Error(`an Ed25519 public key has ${PUBLIC_KEY_BYTES} bytes`);
  return { name, type, publicKey, keyId: keyIdOf(name, encodedKeyOf({ type, publicKey })) };
};

/** The key that verifies what this one signs. @throws Error when it is not an Ed25519 key */
export const noteKeyOfSigner = ({ name, privateKey }: NoteSigner, type: NoteSignatureType = 'note'): NoteKey => {
  const { crv, x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined) throw new Error('not an Ed25519 key');
  return noteKeyOf({ name, publicKey: Buffer.from(x, 'base64url'), type });
};

export const keyIdHex = (keyId: number): string => keyId.toString(16).padStart(KEY_ID_BYTES * 2, '0');

/** `<name>+<key id, hex>+<base64 of type and public key>`: how a key is handed to those who verify. */
export const formatVerifierKey = (key: NoteKey): string => `${key.name}+${keyIdHex(key.keyId)}+${encodeBase64(encodedKeyOf(key))}`;

/** @throws NoteRefused `malformed`, also for types of signature other than Ed25519's two */
export const parseVerifierKey = (text: string): NoteKey => {
  const malformed = (why: string): never => {
    throw new NoteRefused('malformed', `not a verifier key: ${why}`);
  };
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? malformed('<name>+<key id>+<key> is expected');
  if (!isKeyName(name)) malformed('its name cannot stand in a note');
  const bytes = decodeBase64(encoded) ?? malformed('its key is not base64');
  const type = (Object.keys(noteSignatureTypes) as NoteSignatureType[]).find((one) => noteSignatureTypes[one] === bytes[0]) ?? malformed('only Ed25519 notes and cosignatures are known');
  if (bytes.length !== 1 + PUBLIC_KEY_BYTES) malformed(`an Ed25519 public key has ${PUBLIC_KEY_BYTES} bytes`);
  const key = noteKeyOf({ name, type, publicKey: bytes.subarray(1) });
  return keyIdHex(key.keyId) === id ? key : malformed(`its key id is ${keyIdHex(key.keyId)}, not ${id}`);
};
