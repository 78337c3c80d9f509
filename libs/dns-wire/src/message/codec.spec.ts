import fc from 'fast-check';
import { failureIn, outcomeOf } from '../dns-failure.fixture.js';
import { isDnsFailure } from '../dns-failure.js';
import { TYPE } from './codes.js';
import { decodeMessage } from './decode-message.js';
import { encodeMessage } from './encode-message.js';
import { anyMessage } from './message.arbitrary.fixture.js';
import { requestHeader, type DnsMessage } from './message.js';
import { encodeData, sameData } from './record-data.codec.js';
import type { RecordData } from './record-data.js';

const kindOf = (run: () => unknown): string => failureIn(run).kind;

/** What BIND 9.18 answered, compressed as it does. */
const SRV_ANSWER =
  '000784000001000200010002075f6d7573746572045f74637004636f727004746573740000210001c00c002100010000012c0014000a001401bb026e7304636f7270047465737400c00c002100010000012c001d0000000020fb06686f73742d32047369746504636f7270047465737400c03d000200010000012c0002c03ac03a000100010000012c00047f000001c05a001c00010000012c001020010db8000000000000000000000002';
const NXDOMAIN_ANSWER =
  '000784030001000000010000046e6f6e6504636f727004746573740000010001c011000600010000003c0026026e73c0110a686f73746d6173746572c0110000000100000e1000000258000151800000003c';
const TXT_ANSWER =
  '000784000001000100010001017404636f727004746573740000100001c00c001000010000012c00070361206202c800c00e000200010000012c0005026e73c00ec03c000100010000012c00047f000001';

const fromHex = (hex: string): DnsMessage => decodeMessage(Buffer.from(hex, 'hex'));

describe('a message as BIND writes it', () => {
  it('is read: SRV, NS, A and AAAA, with compressed names', () => {
    const { header, questions, answers, authorities, additionals } = fromHex(SRV_ANSWER);
    const name = '_muster._tcp.corp.test';
    const srv = { name, typeCode: TYPE.SRV, classCode: 1, ttlSeconds: 300 };
    expect(header).toEqual({ ...requestHeader({ id: 7, opcode: 0 }), response: true, authoritative: true });
    expect(questions).toEqual([{ name, typeCode: TYPE.SRV, classCode: 1 }]);
    expect(answers).toEqual([
      { ...srv, data: { type: 'SRV', priority: 10, weight: 20, port: 443, target: 'ns.corp.test' } },
      { ...srv, data: { type: 'SRV', priority: 0, weight: 0, port: 8443, target: 'host-2.site.corp.test' } },
    ]);
    expect([...authorities, ...additionals].map(({ data }) => data)).toEqual([
      { type: 'NS', target: 'ns.corp.test' },
      { type: 'A', address: '127.0.0.1' },
      { type: 'AAAA', address: '2001:db8::2' },
    ]);
  });

  it('is read: SOA', () => {
    const { header, authorities } = fromHex(NXDOMAIN_ANSWER);
    expect(header.rcode).toBe(3);
    expect(authorities[0]?.data).toEqual({
      type: 'SOA',
      primary: 'ns.corp.test',
      mailbox: 'hostmaster.corp.test',
      serial: 1,
      refreshSeconds: 3600,
      retrySeconds: 600,
      expireSeconds: 86_400,
      negativeSeconds: 60,
    });
  });

  it('is read: TXT of several strings and any bytes', () => {
    expect(fromHex(TXT_ANSWER).answers[0]?.data).toEqual({ type: 'TXT', strings: ['a b', '\xc8\0'] });
  });
});

describe('a message as we write it', () => {
  it('is read back as it was, and written the same again', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const bytes = encodeMessage(message);
        expect(decodeMessage(bytes)).toEqual(message);
        expect(encodeMessage(decodeMessage(bytes)).equals(bytes)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('compresses nothing', () => {
    const question = { name: 'corp.test', typeCode: TYPE.SOA, classCode: 1 };
    const message: DnsMessage = { header: requestHeader({ id: 1, opcode: 0 }), questions: [question, question], answers: [], authorities: [], additionals: [] };
    expect(encodeMessage(message).toString('hex')).toBe('000100000002000000000000' + '04636f727004746573740000060001'.repeat(2));
  });

  it.each<[string, RecordData]>([
    ['a port beyond 16 bits', { type: 'SRV', priority: 0, weight: 0, port: 65_536, target: 'a.test' }],
    ['a negative weight', { type: 'SRV', priority: 0, weight: -1, port: 1, target: 'a.test' }],
    ['a priority that is no whole number', { type: 'SRV', priority: 0.5, weight: 0, port: 1, target: 'a.test' }],
    ['a target that would need an escape', { type: 'SRV', priority: 0, weight: 0, port: 1, target: 'a\nb.test' }],
    ['a TXT without a string', { type: 'TXT', strings: [] }],
    ['a TXT string of 256 bytes', { type: 'TXT', strings: ['a'.repeat(256)] }],
    ['a TXT with what is no byte', { type: 'TXT', strings: ['€'] }],
    ['half an IPv4 address', { type: 'A', address: '127.1' }],
    ['an IPv6 address with a zone', { type: 'AAAA', address: 'fe80::1%eth0' }],
  ])('never holds %s', (_what, data) => {
    expect(kindOf(() => encodeData(data))).toBe('invalid');
  });

  it('is not longer than TCP can say', () => {
    const records = new Array<DnsMessage['answers'][number]>(300).fill({ name: 'a.test', typeCode: TYPE.TXT, classCode: 1, ttlSeconds: 0, data: { type: 'TXT', strings: ['a'.repeat(255)] } });
    expect(kindOf(() => encodeMessage({ header: requestHeader({ id: 1, opcode: 0 }), questions: [], answers: records, authorities: [], additionals: [] }))).toBe('invalid');
  });
});

describe('addresses', () => {
  it.each([
    ['::', '00000000000000000000000000000000', '::'],
    ['::1', '00000000000000000000000000000001', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['fe80::', 'fe800000000000000000000000000000', 'fe80::'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008', '1:2:3:4:5:6:7:8'],
  ])('%s is written as %s and read as %s', (text, hex, canonical) => {
    expect(encodeData({ type: 'AAAA', address: text }).toString('hex')).toBe(hex);
    const record = { name: '.', typeCode: TYPE.AAAA, classCode: 1, ttlSeconds: 0, data: { type: 'AAAA' as const, address: text } };
    const message: DnsMessage = { header: requestHeader({ id: 1, opcode: 0 }), questions: [], answers: [record], authorities: [], additionals: [] };
    expect(decodeMessage(encodeMessage(message)).answers[0]?.data).toEqual({ type: 'AAAA', address: canonical });
  });
});

describe('comparing record data', () => {
  const srv = { type: 'SRV', priority: 10, weight: 20, port: 443, target: 'host-1.corp.test' } as const;
  it('is as servers do it: the case of names aside, everything else to the byte', () => {
    expect(sameData(srv, { ...srv, target: 'HOST-1.corp.test.' })).toBe(true);
    expect(sameData(srv, { ...srv, weight: 21 })).toBe(false);
    expect(sameData({ type: 'TXT', strings: ['a'] }, { type: 'TXT', strings: ['A'] })).toBe(false);
    expect(sameData({ type: 'A', address: '192.0.2.1' }, { type: 'TXT', strings: ['a'] })).toBe(false);
    expect(sameData({ type: 'PTR', target: 'a\\.b' }, { type: 'PTR', target: 'a\\.b' })).toBe(false);
  });
});

describe('bytes that are no message', () => {
  const readOrRefused = (bytes: Uint8Array): void => {
    const outcome = outcomeOf(() => decodeMessage(bytes));
    if (isDnsFailure(outcome)) expect(outcome.kind).toBe('malformed');
  };

  it('are refused as malformed when they end early, at every place', () => {
    const whole = Buffer.from(SRV_ANSWER, 'hex');
    for (let length = 0; length < whole.length; length += 1) expect(kindOf(() => decodeMessage(whole.subarray(0, length)))).toBe('malformed');
  });

  it('are refused when something follows', () => {
    expect(kindOf(() => fromHex(`${TXT_ANSWER}00`))).toBe('malformed');
  });

  it('are refused with a typed error when they are random', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), readOrRefused), { numRuns: 3_000 });
  });

  it('are refused with a typed error when a true message was damaged', () => {
    const samples = [SRV_ANSWER, NXDOMAIN_ANSWER, TXT_ANSWER].map((hex) => Buffer.from(hex, 'hex'));
    const damage = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...samples), damage, (sample, places) => {
        const bytes = Buffer.from(sample);
        for (const [place, value] of places) bytes[place % bytes.length] = value;
        readOrRefused(bytes);
      }),
      { numRuns: 5_000 },
    );
  });
});
