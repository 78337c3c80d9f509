import { WireReader } from '../bytes/wire-reader.js';
import { CLASS, OPCODE, TYPE } from './codes.js';
import type { DnsMessage, MessageHeader, MessageRecord, Question } from './message.js';
import { decodeData } from './record-data.codec.js';

/** Where the last record of a message begins: TSIG stands there, and what it signs ends there. */
export interface LocatedMessage {
  readonly message: DnsMessage;
  readonly lastRecordOffset: number | undefined;
}

/** Reads a message, all of its bytes; throws `malformed`, and nothing else, for bytes that are none. */
export const decodeMessage = (bytes: Uint8Array): DnsMessage => locateMessage(bytes).message;

export function locateMessage(bytes: Uint8Array): LocatedMessage {
  const reader = new WireReader(bytes);
  const header = readHeader(reader);
  const [questionCount, answerCount, authorityCount, additionalCount] = [reader.uint(2), reader.uint(2), reader.uint(2), reader.uint(2)];
  let lastRecordOffset: number | undefined;
  const record = (): MessageRecord => {
    lastRecordOffset = reader.offset;
    return readRecord(reader, header.opcode);
  };
  const questions = repeat(questionCount, () => readQuestion(reader));
  const answers = repeat(answerCount, record);
  const authorities = repeat(authorityCount, record);
  const additionals = repeat(additionalCount, record);
  reader.expectEnd('the message');
  return { message: { header, questions, answers, authorities, additionals }, lastRecordOffset };
}

/** The counts need no bound of their own: each record takes bytes, and a message that has too few of them is refused on the spot. */
function repeat<Item>(count: number, read: () => Item): readonly Item[] {
  const items: Item[] = [];
  while (items.length < count) items.push(read());
  return items;
}

function readHeader(reader: WireReader): MessageHeader {
  const id = reader.uint(2);
  const flags = reader.uint(2);
  return {
    id,
    response: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    recursionDesired: (flags & 0x0100) !== 0,
    recursionAvailable: (flags & 0x0080) !== 0,
    rcode: flags & 0xf,
  };
}

const readQuestion = (reader: WireReader): Question => ({ name: reader.name(), typeCode: reader.uint(2), classCode: reader.uint(2) });

function readRecord(reader: WireReader, opcode: number): MessageRecord {
  const name = reader.name();
  const typeCode = reader.uint(2);
  const classCode = reader.uint(2);
  const ttlSeconds = reader.uint(4);
  const content = reader.part(reader.uint(2));
  const record = { name, typeCode, classCode, ttlSeconds };
  if (content.remaining === 0 && mayBeEmpty({ opcode, classCode, typeCode })) return record;
  return { ...record, data: decodeData(content, typeCode) };
}

/** Where no data is a statement: in updates, in the classes ANY and NONE, and for types whose data is not ours to judge. */
const mayBeEmpty = ({ opcode, classCode, typeCode }: { opcode: number; classCode: number; typeCode: number }): boolean =>
  opcode === OPCODE.UPDATE || classCode === CLASS.ANY || classCode === CLASS.NONE || !(Object.values(TYPE) as number[]).includes(typeCode);
