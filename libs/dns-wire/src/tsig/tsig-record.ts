import { nameToWire } from '../bytes/name.js';
import { WireReader } from '../bytes/wire-reader.js';
import { WireWriter } from '../bytes/wire-writer.js';
import { malformed } from '../dns-failure.js';
import { CLASS, TYPE } from '../message/codes.js';

const COUNT_OFFSET = 10; // ARCOUNT, in a header of 12 bytes
const TIME_BYTES = 6;

/** The signature's record (RFC 8945 section 4.2); times in whole seconds since the Unix epoch. */
export interface TsigRecord {
  readonly keyName: string;
  readonly algorithm: string;
  readonly timeSigned: number;
  readonly fudgeSeconds: number;
  readonly mac: Uint8Array;
  readonly originalId: number;
  readonly error: number;
  /** The server's time, six bytes, with BADTIME; else empty. */
  readonly other: Uint8Array;
}

/** A signed message taken apart: what was signed (the id restored, the record and its count gone) and the signature. */
export interface DetachedTsig {
  readonly unsigned: Buffer;
  readonly tsig: TsigRecord;
}

/** The message with the record as its last. */
export function attachTsig(message: Uint8Array, tsig: TsigRecord): Buffer {
  const data = new WireWriter()
    .name(tsig.algorithm)
    .uint(6, tsig.timeSigned, 'timeSigned')
    .uint(2, tsig.fudgeSeconds, 'fudgeSeconds')
    .counted(tsig.mac, 'the MAC')
    .uint(2, tsig.originalId, 'originalId')
    .uint(2, tsig.error, 'error')
    .counted(tsig.other, 'other data')
    .finish();
  const record = new WireWriter().name(tsig.keyName).uint(2, TYPE.TSIG, 'type').uint(2, CLASS.ANY, 'class').uint(4, 0, 'ttl').counted(data, 'TSIG data').finish();
  const signed = Buffer.concat([message, record]);
  signed.writeUInt16BE(signed.readUInt16BE(COUNT_OFFSET) + 1, COUNT_OFFSET);
  return signed;
}

/** Takes a well-formed message's last record, a TSIG, off; throws `malformed` for what is none. */
export function detachTsig(message: Uint8Array, recordOffset: number): DetachedTsig {
  const reader = new WireReader(message, { start: recordOffset });
  const keyName = reader.name();
  const [type, recordClass, ttl] = [reader.uint(2), reader.uint(2), reader.uint(4)];
  if (type !== TYPE.TSIG || recordClass !== CLASS.ANY || ttl !== 0) throw malformed('a TSIG record has class ANY and TTL 0');
  const data = reader.part(reader.uint(2));
  const tsig: TsigRecord = {
    keyName,
    algorithm: data.name(),
    timeSigned: data.uint(6),
    fudgeSeconds: data.uint(2),
    mac: data.bytes(data.uint(2)),
    originalId: data.uint(2),
    error: data.uint(2),
    other: data.bytes(data.uint(2)),
  };
  data.expectEnd('TSIG data');
  const unsigned = Buffer.from(message.subarray(0, recordOffset));
  unsigned.writeUInt16BE(tsig.originalId, 0);
  unsigned.writeUInt16BE(unsigned.readUInt16BE(COUNT_OFFSET) - 1, COUNT_OFFSET);
  return { unsigned, tsig };
}

/** What the MAC is computed over (RFC 8945 section 4.3): for a reply the request's MAC, then the message, then the record's variables. */
export function signedBytes({ unsigned, tsig, requestMac }: DetachedTsig & { readonly requestMac?: Uint8Array | undefined }): Buffer {
  const writer = new WireWriter();
  if (requestMac !== undefined) writer.counted(requestMac, "the request's MAC");
  return writer
    .bytes(unsigned)
    .bytes(nameToWire(tsig.keyName, { canonical: true }))
    .uint(2, CLASS.ANY, 'class')
    .uint(4, 0, 'ttl')
    .bytes(nameToWire(tsig.algorithm, { canonical: true }))
    .uint(6, tsig.timeSigned, 'timeSigned')
    .uint(2, tsig.fudgeSeconds, 'fudgeSeconds')
    .uint(2, tsig.error, 'error')
    .counted(tsig.other, 'other data')
    .finish();
}

/** The server's clock out of a BADTIME record, in milliseconds since the Unix epoch. */
export const serverTimeMsOf = ({ other }: TsigRecord): number | undefined =>
  other.length === TIME_BYTES ? Buffer.from(other).readUIntBE(0, TIME_BYTES) * 1000 : undefined;
