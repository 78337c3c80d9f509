import { bytesToIpv4, bytesToIpv6, ipv4ToBytes, ipv6ToBytes } from '../bytes/address.js';
import type { WireReader } from '../bytes/wire-reader.js';
import { WireWriter } from '../bytes/wire-writer.js';
import { invalid } from '../dns-failure.js';
import { TYPE } from './codes.js';
import type { RecordData, SoaData } from './record-data.js';

const STRING_BYTES_MAX = 255; // RFC 1035 section 3.3: one length byte

export const typeCodeOf = (data: RecordData): number => (data.type === 'OTHER' ? data.typeCode : TYPE[data.type]);

/** The RDATA, uncompressed; throws `invalid` for what its type cannot hold. */
export function encodeData(data: RecordData, options: { readonly canonical?: boolean } = {}): Buffer {
  const writer = new WireWriter(options);
  switch (data.type) {
    case 'A':
      return ipv4ToBytes(data.address);
    case 'AAAA':
      return ipv6ToBytes(data.address);
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return writer.name(data.target).finish();
    case 'SRV':
      return writer.uint(2, data.priority, 'priority').uint(2, data.weight, 'weight').uint(2, data.port, 'port').name(data.target).finish();
    case 'TXT':
      if (data.strings.length === 0) throw invalid('a TXT record has at least one string');
      return Buffer.concat(data.strings.map(characterString));
    case 'SOA':
      writer.name(data.primary).name(data.mailbox).uint(4, data.serial, 'serial').uint(4, data.refreshSeconds, 'refreshSeconds');
      return writer.uint(4, data.retrySeconds, 'retrySeconds').uint(4, data.expireSeconds, 'expireSeconds').uint(4, data.negativeSeconds, 'negativeSeconds').finish();
    case 'OTHER':
      return Buffer.from(data.bytes);
    default:
      return data satisfies never;
  }
}

function characterString(text: string): Buffer {
  // eslint-disable-next-line no-control-regex -- bytes, not text: all 256 are allowed
  if (!/^[\u0000-\u00ff]*$/.test(text)) throw invalid('a TXT string holds bytes: no character above U+00FF');
  if (text.length > STRING_BYTES_MAX) throw invalid(`a TXT string has at most ${STRING_BYTES_MAX} bytes, this one ${text.length}`);
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')]);
}

/** Reads the RDATA that the reader holds, all of it; throws `malformed`. */
export function decodeData(reader: WireReader, typeCode: number): RecordData {
  const data = decodeByType(reader, typeCode);
  reader.expectEnd('record data');
  return data;
}

function decodeByType(reader: WireReader, typeCode: number): RecordData {
  switch (typeCode) {
    case TYPE.A:
      return { type: 'A', address: bytesToIpv4(reader.bytes(4)) };
    case TYPE.AAAA:
      return { type: 'AAAA', address: bytesToIpv6(reader.bytes(16)) };
    case TYPE.CNAME:
      return { type: 'CNAME', target: reader.name() };
    case TYPE.NS:
      return { type: 'NS', target: reader.name() };
    case TYPE.PTR:
      return { type: 'PTR', target: reader.name() };
    case TYPE.SRV:
      // RFC 2782 forbids to compress the target, but some servers did; reading it costs nothing.
      return { type: 'SRV', priority: reader.uint(2), weight: reader.uint(2), port: reader.uint(2), target: reader.name() };
    case TYPE.TXT:
      return { type: 'TXT', strings: readStrings(reader) };
    case TYPE.SOA:
      return readSoa(reader);
    default:
      return { type: 'OTHER', typeCode, bytes: reader.bytes(reader.remaining) };
  }
}

function readStrings(reader: WireReader): readonly string[] {
  const strings: string[] = [];
  do strings.push(reader.bytes(reader.uint(1)).toString('latin1'));
  while (reader.remaining > 0);
  return strings;
}

function readSoa(reader: WireReader): SoaData {
  return {
    type: 'SOA',
    primary: reader.name(),
    mailbox: reader.name(),
    serial: reader.uint(4),
    refreshSeconds: reader.uint(4),
    retrySeconds: reader.uint(4),
    expireSeconds: reader.uint(4),
    negativeSeconds: reader.uint(4),
  };
}

/**
 * Whether a server holds the two for one record: same type, same bytes, names without regard to case. Data with names that this library would not
 * write (an escaped label) is never the same as anything.
 */
export function sameData(one: RecordData, other: RecordData): boolean {
  if (typeCodeOf(one) !== typeCodeOf(other)) return false;
  try {
    return encodeData(one, { canonical: true }).equals(encodeData(other, { canonical: true }));
  } catch {
    return false;
  }
}
