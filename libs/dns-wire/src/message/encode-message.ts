import { WireWriter } from '../bytes/wire-writer.js';
import { invalid } from '../dns-failure.js';
import type { DnsMessage, MessageHeader, MessageRecord } from './message.js';
import { encodeData } from './record-data.codec.js';

/** A message's length stands in two bytes over TCP (RFC 1035 section 4.2.2). */
export const MESSAGE_BYTES_MAX = 65_535;

/** The message's bytes, nothing compressed; throws `invalid` for what a field cannot hold or when the whole is too long. */
export function encodeMessage(message: DnsMessage): Buffer {
  const { header, questions, answers, authorities, additionals } = message;
  const writer = new WireWriter().uint(2, header.id, 'id').uint(2, flagsOf(header), 'flags');
  for (const section of [questions, answers, authorities, additionals]) writer.uint(2, section.length, 'the number of records');
  for (const { name, typeCode, classCode } of questions) writer.name(name).uint(2, typeCode, 'type').uint(2, classCode, 'class');
  for (const record of [...answers, ...authorities, ...additionals]) writer.bytes(encodeRecord(record));
  const bytes = writer.finish();
  if (bytes.length > MESSAGE_BYTES_MAX) throw invalid(`a message has at most ${MESSAGE_BYTES_MAX} bytes, this one ${bytes.length}`);
  return bytes;
}

export function encodeRecord({ name, typeCode, classCode, ttlSeconds, data }: MessageRecord): Buffer {
  return new WireWriter()
    .name(name)
    .uint(2, typeCode, 'type')
    .uint(2, classCode, 'class')
    .uint(4, ttlSeconds, 'ttlSeconds')
    .counted(data === undefined ? Buffer.alloc(0) : encodeData(data), 'record data')
    .finish();
}

function flagsOf(header: MessageHeader): number {
  if (header.opcode > 0xf || header.rcode > 0xf) throw invalid('opcode and rcode have four bits each');
  return (
    (header.response ? 0x8000 : 0) |
    (header.opcode << 11) |
    (header.authoritative ? 0x0400 : 0) |
    (header.truncated ? 0x0200 : 0) |
    (header.recursionDesired ? 0x0100 : 0) |
    (header.recursionAvailable ? 0x0080 : 0) |
    header.rcode
  );
}
