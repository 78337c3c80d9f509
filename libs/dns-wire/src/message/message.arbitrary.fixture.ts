import fc from 'fast-check';
import type { DnsMessage, MessageRecord } from './message.js';
import { typeCodeOf } from './record-data.codec.js';
import type { RecordData } from './record-data.js';

const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const group = fc.integer({ min: 1, max: 0xffff }).map((value) => value.toString(16));
const label = fc.stringMatching(/^[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,8}[a-zA-Z0-9_])?$/);
export const anyName = fc.oneof(
  fc.constant('.'),
  fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.')),
);
const byteText = fc.uint8Array({ maxLength: 255 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

/** Each kind of record data, in the spelling in which it is read back. */
export const anyData: fc.Arbitrary<RecordData> = fc.oneof(
  fc.record({ type: fc.constant('A' as const), address: fc.ipV4() }),
  fc.record({ type: fc.constant('AAAA' as const), address: fc.tuple(group, group).map(([one, other]) => `2001:db8::${one}:${other}`) }),
  fc.record({ type: fc.constantFrom('CNAME' as const, 'NS' as const, 'PTR' as const), target: anyName }) as fc.Arbitrary<RecordData>,
  fc.record({ type: fc.constant('SRV' as const), priority: u16, weight: u16, port: u16, target: anyName }),
  fc.record({ type: fc.constant('TXT' as const), strings: fc.array(byteText, { minLength: 1, maxLength: 4 }) }),
  fc.record({ type: fc.constant('SOA' as const), primary: anyName, mailbox: anyName, serial: u32, refreshSeconds: u32, retrySeconds: u32, expireSeconds: u32, negativeSeconds: u32 }),
  fc.record({ type: fc.constant('OTHER' as const), typeCode: fc.integer({ min: 1000, max: 60_000 }), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)) }),
);

const anyRecord: fc.Arbitrary<MessageRecord> = fc
  .record({ name: anyName, classCode: fc.constantFrom(1, 254, 255), ttlSeconds: u32, data: anyData, empty: fc.boolean() })
  .map(({ name, classCode, ttlSeconds, data, empty }) => ({ name, typeCode: typeCodeOf(data), classCode, ttlSeconds, ...(empty && classCode !== 1 ? {} : { data }) }));

const section = fc.array(anyRecord, { maxLength: 4 });

export const anyMessage: fc.Arbitrary<DnsMessage> = fc.record({
  header: fc.record({
    id: u16,
    response: fc.boolean(),
    opcode: fc.nat(15),
    authoritative: fc.boolean(),
    truncated: fc.boolean(),
    recursionDesired: fc.boolean(),
    recursionAvailable: fc.boolean(),
    rcode: fc.nat(15),
  }),
  questions: fc.array(fc.record({ name: anyName, typeCode: u16, classCode: u16 }), { maxLength: 2 }),
  answers: section,
  authorities: section,
  additionals: section,
});
