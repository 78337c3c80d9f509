import fc from 'fast-check';
import { failureIn, outcomeOf } from '../dns-failure.fixture.js';
import { isDnsFailure } from '../dns-failure.js';
import { formatName, isWithin, nameToWire, parseName, sameName } from './name.js';
import { WireReader } from './wire-reader.js';

const kindOf = (run: () => unknown): string => failureIn(run).kind;

// RFC 1035 section 4.1.4: F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at 64 and the root at 92.
const RFC_1035_EXAMPLE = Buffer.alloc(93);
RFC_1035_EXAMPLE.write('\x01F\x03ISI\x04ARPA\x00', 20, 'latin1');
RFC_1035_EXAMPLE.write('\x03FOO\xc0\x14', 40, 'latin1');
RFC_1035_EXAMPLE.write('\xc0\x1a', 64, 'latin1');

const nameAt = (bytes: Uint8Array, start: number): string => new WireReader(bytes, { start }).name();

const label = fc.stringMatching(/^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/);
const name = fc.array(label, { minLength: 1, maxLength: 8 }).map((labels) => labels.join('.')).filter((text) => text.length <= 253);

describe('a name that we write', () => {
  it('may end in a dot, keeps its spelling, and may be the root', () => {
    expect(parseName('_muster._tcp.Corp.test.')).toBe('_muster._tcp.Corp.test');
    expect(parseName('.')).toBe('.');
    expect(nameToWire('.')).toEqual(Buffer.from([0]));
    expect(nameToWire('aB.c', { canonical: true }).toString('latin1')).toBe('\x02ab\x01c\x00');
  });

  it.each(['', 'a..b', '.a', '..', 'a\\.b', 'a b', 'a\nsend', 'a/b', 'ä.test', '-a.test', 'a-.test', '*.test', 'a\0', '\u212a.test', `${'a'.repeat(64)}.test`, 'a.'.repeat(128)])(
    'is not %j',
    (text) => expect(kindOf(() => parseName(text))).toBe('invalid'),
  );

  it('has labels of 63 bytes and 255 bytes in all at most', () => {
    const longest = [63, 63, 63, 61].map((length) => 'a'.repeat(length)).join('.');
    expect(nameToWire(longest)).toHaveLength(255);
    expect(kindOf(() => parseName(`${longest}a`))).toBe('invalid');
  });

  it('is read back as it was written', () => {
    fc.assert(fc.property(name, (text) => expect(new WireReader(nameToWire(text)).name()).toBe(text)));
  });
});

describe('a name that we read', () => {
  it('may be compressed (the example of RFC 1035 section 4.1.4)', () => {
    expect([20, 40, 64, 92].map((start) => nameAt(RFC_1035_EXAMPLE, start))).toEqual(['F.ISI.ARPA', 'FOO.F.ISI.ARPA', 'ARPA', '.']);
  });

  it('leaves the reader behind its pointer', () => {
    const reader = new WireReader(RFC_1035_EXAMPLE, { start: 40 });
    reader.name();
    expect(reader.offset).toBe(46);
  });

  it('may hold any byte, which is escaped', () => {
    expect(formatName([Buffer.from('a.b\\c d\0\xff', 'latin1'), Buffer.from('*')])).toBe('a\\.b\\\\c\\032d\\000\\255.*');
  });

  it.each([
    ['a pointer to itself', [0xc0, 0], 0],
    ['a pointer ahead', [0xc0, 2, 0], 0],
    ['two pointers to each other', [0xc0, 2, 0xc0, 0], 2],
    ['a pointer to the labels that it ends', [1, 97, 0xc0, 0], 0],
    ['a pointer beyond the message', [0xff, 0xff], 0],
    ['half a pointer', [0xc0], 0],
    ['a label that the message cuts off', [5, 97, 98], 0],
    ['no end', [1, 97], 0],
    ['a label of the kinds that RFC 6891 abandoned', [0x41, 0, 0], 0],
    ['more than 255 bytes', [...new Array(128).fill([1, 97]).flat(), 0], 0],
  ])('is refused with %s', (_what, bytes, start) => {
    expect(kindOf(() => nameAt(Buffer.from(bytes as number[]), start))).toBe('malformed');
  });

  it('of random bytes ends, as a name or as malformed', () => {
    // Mostly pointers and short labels, the bytes that keep a reader going.
    const byte = fc.oneof(fc.constant(0xc0), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 300 }), fc.nat(300), (bytes, start) => {
        const outcome = outcomeOf(() => nameAt(Buffer.from(bytes), Math.min(start, bytes.length)));
        expect(typeof outcome === 'string' || isDnsFailure(outcome, 'malformed')).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('comparing names', () => {
  it('leaves aside letter case and the final dot', () => {
    expect(sameName('Host-1.Corp.test.', 'host-1.corp.TEST')).toBe(true);
    expect(sameName('host-1.corp.test', 'host-2.corp.test')).toBe(false);
    expect(sameName('a\\.', 'a\\')).toBe(false);
    expect(sameName('\u212a.test', 'k.test')).toBe(false); // the Kelvin sign: no ASCII letter
  });

  it('knows what lies within a zone', () => {
    expect(['corp.test', '_tcp.CORP.test.'].map((text) => isWithin(text, 'corp.test.'))).toEqual([true, true]);
    expect(['test', 'notcorp.test', 'corp.test.example'].map((text) => isWithin(text, 'corp.test'))).toEqual([false, false, false]);
    expect(isWithin('anything.at.all', '.')).toBe(true);
  });
});
