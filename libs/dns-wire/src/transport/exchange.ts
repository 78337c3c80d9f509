import { isIP } from 'node:net';
import { systemClock, type Clock } from '@muster/kernel';
import { sameName } from '../bytes/name.js';
import { DnsFailure, invalid, isDnsFailure, malformed } from '../dns-failure.js';
import { OPCODE } from '../message/codes.js';
import { decodeMessage } from '../message/decode-message.js';
import { encodeMessage } from '../message/encode-message.js';
import type { DnsMessage } from '../message/message.js';
import { FUDGE_SECONDS, signMessage, type SignedMessage } from '../tsig/sign-message.js';
import type { TsigKey } from '../tsig/tsig-key.js';
import { verifyMessage } from '../tsig/verify-message.js';
import type { Verdict } from './attempt.js';
import type { ServerAddress } from './server-address.js';
import { tcpAttempt } from './tcp-attempt.js';
import { UDP_BYTES_MAX, udpAttempt } from './udp-attempt.js';

export type Protocol = 'tcp' | 'udp';

/** To whom, how, and for how long at most. */
export interface Way {
  readonly server: ServerAddress;
  /** `tcp` unless given. Over UDP each request is sent once: who wants another try asks again. */
  readonly protocol?: Protocol;
  /** For everything together: connecting, answering, and TCP after a truncated answer over UDP. */
  readonly timeoutMs: number;
  /** With a key the request is signed, and only an answer signed with it is believed. */
  readonly key?: TsigKey;
  /** What signatures are dated by; the system's unless given. */
  readonly clock?: Clock;
}

export interface Answer {
  /** Without the signature. */
  readonly message: DnsMessage;
  readonly signed: boolean;
  /** The server's clock as it signed the answer, in milliseconds since the Unix epoch, to the second; undefined when it did not. */
  readonly serverTimeMs: number | undefined;
  /** By which it came. */
  readonly protocol: Protocol;
}

const TIMEOUT_MS_MAX = FUDGE_SECONDS * 1000; // beyond it no signature holds

/**
 * Sends a request and answers the reply to it, whatever its response code: same id, opcode and question, signature verified.
 * A truncated answer to a query over UDP is asked for again over TCP; an update is never sent twice, its code is all that matters.
 * Throws `DnsFailure`: `invalid`, `malformed`, `unreachable`, `timeout` or one of `tsig-…`.
 */
export async function exchange(options: Way & { readonly message: DnsMessage }): Promise<Answer> {
  const { server, protocol = 'tcp', timeoutMs, message, key, clock = systemClock } = options;
  if (isIP(server.address) === 0) throw invalid(`${JSON.stringify(server.address)} is not an IP address`);
  if (!(timeoutMs > 0 && timeoutMs <= TIMEOUT_MS_MAX)) throw invalid(`timeoutMs is more than 0 and at most ${TIMEOUT_MS_MAX}`);
  const plain = encodeMessage(message);
  const signed: SignedMessage | undefined = key && signMessage(plain, { key, nowMs: clock.nowMs() });
  const request = signed?.bytes ?? plain;
  const deadlineMs = performance.now() + timeoutMs;

  const verify = (bytes: Uint8Array): { readonly message: DnsMessage; readonly signedAtMs?: number } =>
    key && signed ? verifyMessage(bytes, { key, nowMs: clock.nowMs(), requestMac: signed.mac }) : { message: decodeMessage(bytes) };
  const judge =
    (by: Protocol) =>
    (bytes: Uint8Array): Verdict<Answer> => {
      if (!isReplyTo(message, bytes)) return { kind: 'ignored' };
      try {
        const { message: reply, signedAtMs: serverTimeMs } = verify(bytes);
        const mismatch = mismatchOf(message, reply);
        if (mismatch === undefined) return { kind: 'accepted', answer: { message: reply, signed: key !== undefined, serverTimeMs, protocol: by } };
        throw malformed(mismatch);
      } catch (error) {
        if (!isDnsFailure(error)) throw error;
        return { kind: 'failed', failure: afterSending(error) };
      }
    };

  if (protocol === 'udp' && request.length <= UDP_BYTES_MAX) {
    const answer = await udpAttempt({ server, request, deadlineMs, judge: judge('udp') });
    if (!answer.message.header.truncated || message.header.opcode !== OPCODE.QUERY) return answer;
  }
  return tcpAttempt({ server, request, deadlineMs, judge: judge('tcp') });
}

/** Looks at the header alone: what answers something else is not worth decoding. */
function isReplyTo(request: DnsMessage, bytes: Uint8Array): boolean {
  const [high, low, flags] = bytes;
  if (high === undefined || low === undefined || flags === undefined) return false;
  return ((high << 8) | low) === request.header.id && (flags & 0x80) !== 0 && ((flags >> 3) & 0xf) === request.header.opcode;
}

/** A server may leave the question out of an answer to an update (RFC 2136 section 3.8) or when it could not read it. */
function mismatchOf(request: DnsMessage, reply: DnsMessage): string | undefined {
  if (reply.questions.length === 0 && (request.header.opcode === OPCODE.UPDATE || reply.header.rcode !== 0)) return undefined;
  const [asked] = request.questions;
  const [answered, ...more] = reply.questions;
  const same = asked && answered && more.length === 0 && sameName(asked.name, answered.name) && asked.typeCode === answered.typeCode && asked.classCode === answered.classCode;
  return same ? undefined : 'the answer repeats another question';
}

/** A server that says that our signature is bad did nothing; of a reply that we do not believe, nobody knows. */
function afterSending(failure: DnsFailure): DnsFailure {
  const { kind, detail, rcode, authenticated, serverTimeMs, cause } = failure;
  return new DnsFailure(kind, detail, {
    authenticated,
    outcomeUnknown: !authenticated,
    ...(rcode === undefined ? {} : { rcode }),
    ...(serverTimeMs === undefined ? {} : { serverTimeMs }),
    ...(cause === undefined ? {} : { cause }),
  });
}
