import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { EnrolmentProof } from '@muster/contracts';
import { publicJwkSchema } from '../keys/public-jwk.js';
import { exportPrivateKey, generateKeyPair } from '../keys/signing-key.js';

/** A prefix by which a scanner finds a token that strayed into a repository, and the 32 bytes of an Ed25519 private key in base64url. */
const PREFIX = 'muster_enrol_';
const TOKEN = /^muster_enrol_([A-Za-z0-9_-]{43})$/;

/** RFC 8410 section 7: the DER form of an Ed25519 private key is this prefix and its 32 bytes. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface EnrolmentToken {
  /** The secret, as administrators hand it out. Shown once and kept nowhere. */
  readonly text: string;
  /** The public half, base64url: what a ledger holds and a proof names. Of no use to whoever reads it. */
  readonly key: string;
}

/** The words make a signature over them useless anywhere else. */
const messageOf = (machine: string): Buffer => Buffer.from(`muster enrolment of machine ${machine}`, 'latin1');

const privateKeyOf = (text: string): KeyObject | undefined => {
  const secret = TOKEN.exec(text.trim())?.[1];
  if (secret === undefined) return undefined;
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, Buffer.from(secret, 'base64url')]), format: 'der', type: 'pkcs8' });
};

const publicHalfOf = (key: KeyObject): string => publicJwkSchema.parse(createPublicKey(key).export({ format: 'jwk' })).x;

export const newEnrolmentToken = (): EnrolmentToken => {
  const key = generateKeyPair();
  return { text: `${PREFIX}${exportPrivateKey(key).d}`, key: key.publicJwk.x };
};

/** Whether the text has the form of an enrolment token. */
export const isEnrolmentToken = (text: string): boolean => TOKEN.test(text.trim());

/** Proves that whoever acts for this machine holds the token. @throws Error when the text is no token; the message never quotes it */
export const proveEnrolment = (text: string, machine: string): EnrolmentProof => {
  const key = privateKeyOf(text);
  if (key === undefined) throw new Error('not an enrolment token: muster_enrol_ and 43 characters are expected');
  return { token: publicHalfOf(key), signature: sign(null, messageOf(machine), key).toString('base64url') };
};

/** Whether the proof was made with the private half of the token that it names, for this machine. Whether that token is any good, the ledger knows. */
export const holdsEnrolmentToken = ({ token, signature }: EnrolmentProof, machine: string): boolean => {
  try {
    return verify(null, messageOf(machine), createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: token }, format: 'jwk' }), Buffer.from(signature, 'base64url'));
  } catch {
    return false; // no point of the curve
  }
};
