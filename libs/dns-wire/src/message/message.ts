import type { RecordData } from './record-data.js';

/** A DNS message (RFC 1035 section 4). In an UPDATE the four sections are zone, prerequisites, changes and additional data (RFC 2136 section 2). */
export interface DnsMessage {
  readonly header: MessageHeader;
  readonly questions: readonly Question[];
  readonly answers: readonly MessageRecord[];
  readonly authorities: readonly MessageRecord[];
  readonly additionals: readonly MessageRecord[];
}

export interface MessageHeader {
  /** 16 bits, drawn anew for each request. */
  readonly id: number;
  readonly response: boolean;
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  readonly rcode: number;
}

export interface Question {
  readonly name: string;
  readonly typeCode: number;
  readonly classCode: number;
}

export interface MessageRecord {
  readonly name: string;
  readonly typeCode: number;
  readonly classCode: number;
  readonly ttlSeconds: number;
  /** Absent: no data at all (RDLENGTH 0), as in most prerequisites and deletions. */
  readonly data?: RecordData;
}

/** A request's header: nothing set but what is given. */
export const requestHeader = (fields: Pick<MessageHeader, 'id' | 'opcode'> & Partial<MessageHeader>): MessageHeader => ({
  response: false,
  authoritative: false,
  truncated: false,
  recursionDesired: false,
  recursionAvailable: false,
  rcode: 0,
  ...fields,
});
