import { timingSafeEqual } from 'node:crypto';
import { SECOND_MS } from '@muster/kernel';
import { sameName } from '../bytes/name.js';
import { DnsFailure, malformed } from '../dns-failure.js';
import { rcodeName, TSIG_ERROR, TYPE } from '../message/codes.js';
import { locateMessage } from '../message/decode-message.js';
import type { DnsMessage } from '../message/message.js';
import { macOf } from './sign-message.js';
import type { TsigKey } from './tsig-key.js';
import { detachTsig, serverTimeMsOf, signedBytes, type TsigRecord } from './tsig-record.js';

export interface VerifyOptions {
  readonly key: TsigKey;
  readonly nowMs: number;
  /** When verifying a reply: the MAC of the request. */
  readonly requestMac?: Uint8Array;
}

export interface VerifiedMessage {
  /** Without the signature. */
  readonly message: DnsMessage;
  /** For signing the reply, when this is a request. */
  readonly mac: Uint8Array;
  /** The signer's clock, in milliseconds since the Unix epoch, to the second. */
  readonly signedAtMs: number;
}

/**
 * Verifies a message's signature (RFC 8945 section 5.2 for requests, 5.3 for replies): key, MAC, then time.
 * Throws `malformed` for what is no message, `tsig-bad-time` with the server's time when a signed reply says so, `tsig-bad-key`, `tsig-bad-signature` or
 * `tsig-bad-truncation` when a reply says so, which it cannot sign, and `tsig-unverified` for everything else that is not signed as it must be.
 */
export function verifyMessage(bytes: Uint8Array, { key, nowMs, requestMac }: VerifyOptions): VerifiedMessage {
  const { message, lastRecordOffset } = locateMessage(bytes);
  const rcode = rcodeName(message.header.rcode);
  const unverified = (why: string): DnsFailure => new DnsFailure('tsig-unverified', why, { rcode });

  const { additionals } = message;
  if (lastRecordOffset === undefined || additionals.at(-1)?.typeCode !== TYPE.TSIG) throw unverified(`the message (${rcode}) is not signed`);
  if ([...message.answers, ...message.authorities, ...additionals.slice(0, -1)].some(({ typeCode }) => typeCode === TYPE.TSIG)) throw malformed('more than one TSIG record');
  const { unsigned, tsig } = detachTsig(bytes, lastRecordOffset);

  const refusal = unsignedRefusal(tsig, { rcode, isReply: requestMac !== undefined });
  if (refusal !== undefined) throw refusal;
  if (!sameName(tsig.keyName, key.name) || !sameName(tsig.algorithm, key.algorithm)) throw unverified('the message is signed with another key or algorithm');
  const expected = macOf(key, signedBytes({ unsigned, tsig, requestMac }));
  // A shorter MAC is refused like a wrong one: we never ask for truncation.
  if (expected.length !== tsig.mac.length || !timingSafeEqual(expected, tsig.mac)) throw unverified('the signature is wrong');

  if (tsig.error === TSIG_ERROR.BADTIME) throw badTime(tsig, { rcode, nowMs });
  const differenceSeconds = Math.abs(Math.floor(nowMs / SECOND_MS) - tsig.timeSigned);
  if (differenceSeconds > tsig.fudgeSeconds) throw unverified(`the message was signed ${differenceSeconds} s from now by this clock, more than the ${tsig.fudgeSeconds} s allowed`);
  return { message: { ...message, header: { ...message.header, id: tsig.originalId }, additionals: additionals.slice(0, -1) }, mac: tsig.mac, signedAtMs: tsig.timeSigned * SECOND_MS };
}

/** A server that does not know the key cannot sign that it does not: the MAC is empty, and anybody could have sent it. */
function unsignedRefusal(tsig: TsigRecord, { rcode, isReply }: { readonly rcode: string; readonly isReply: boolean }): DnsFailure | undefined {
  if (!isReply || tsig.mac.length > 0) return undefined;
  switch (tsig.error) {
    case TSIG_ERROR.BADKEY:
      return new DnsFailure('tsig-bad-key', `the server does not know the key ${tsig.keyName} with this algorithm`, { rcode });
    case TSIG_ERROR.BADSIG:
      return new DnsFailure('tsig-bad-signature', `the server's secret of the key ${tsig.keyName} is another`, { rcode });
    case TSIG_ERROR.BADTRUNC:
      return new DnsFailure('tsig-bad-truncation', 'the server wants a longer MAC', { rcode });
    default:
      return undefined;
  }
}

function badTime(tsig: TsigRecord, { rcode, nowMs }: { readonly rcode: string; readonly nowMs: number }): DnsFailure {
  const serverTimeMs = serverTimeMsOf(tsig);
  if (serverTimeMs === undefined) return new DnsFailure('tsig-bad-time', 'this clock and the server’s differ', { rcode, authenticated: true });
  const aheadSeconds = Math.floor(nowMs / SECOND_MS) - serverTimeMs / SECOND_MS;
  const detail = `this clock is ${Math.abs(aheadSeconds)} s ${aheadSeconds < 0 ? 'behind' : 'ahead of'} the server’s`;
  return new DnsFailure('tsig-bad-time', detail, { rcode, authenticated: true, serverTimeMs });
}
