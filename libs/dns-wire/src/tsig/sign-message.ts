import { createHmac } from 'node:crypto';
import { SECOND_MS } from '@muster/kernel';
import { attachTsig, signedBytes, type TsigRecord } from './tsig-record.js';
import { TSIG_ALGORITHMS, type TsigKey } from './tsig-key.js';

/** What RFC 8945 section 10 recommends: clocks may differ by five minutes, and a captured message can be replayed as long. */
export const FUDGE_SECONDS = 300;

export interface SignOptions {
  readonly key: TsigKey;
  readonly nowMs: number;
  readonly fudgeSeconds?: number;
  /** When signing a reply: the MAC of the request that it answers. */
  readonly requestMac?: Uint8Array;
  /** When signing a reply: a TSIG error (`TSIG_ERROR`), and the data that goes with it. */
  readonly error?: number;
  readonly other?: Uint8Array;
}

export interface SignedMessage {
  readonly bytes: Buffer;
  /** The reply is signed over this too, so it answers this request and no other. */
  readonly mac: Buffer;
}

/** Signs an encoded message (RFC 8945); the same arguments give the same bytes. */
export function signMessage(message: Uint8Array, { key, nowMs, requestMac, ...options }: SignOptions): SignedMessage {
  const unsigned = Buffer.from(message);
  const tsig: TsigRecord = {
    keyName: key.name,
    algorithm: key.algorithm,
    timeSigned: Math.floor(nowMs / SECOND_MS),
    fudgeSeconds: options.fudgeSeconds ?? FUDGE_SECONDS,
    mac: Buffer.alloc(0),
    originalId: unsigned.readUInt16BE(0),
    error: options.error ?? 0,
    other: options.other ?? Buffer.alloc(0),
  };
  const mac = macOf(key, signedBytes({ unsigned, tsig, requestMac }));
  return { bytes: attachTsig(unsigned, { ...tsig, mac }), mac };
}

export const macOf = (key: TsigKey, bytes: Uint8Array): Buffer => createHmac(TSIG_ALGORITHMS[key.algorithm].digest, key.secret).update(bytes).digest();
