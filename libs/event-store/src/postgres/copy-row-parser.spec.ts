import fc from 'fast-check';
import type { SeenCode } from '@muster/contracts';
import type { ColumnsRow } from '../event-store.port.js';
import { copyRowParser } from './copy-row-parser.js';
import { PG_EPOCH_MS } from './pg-values.js';

const field = (bytes: Buffer | null): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes === null ? -1 : bytes.length);
  return bytes === null ? length : Buffer.concat([length, bytes]);
};

const integer = (bytes: number, value: bigint): Buffer => {
  const into = Buffer.alloc(8);
  into.writeBigInt64BE(value);
  return into.subarray(8 - bytes);
};

const FIELD_COUNT = Buffer.from([0, 6]);
const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const TRAILER = Buffer.from([0xff, 0xff]);

const encoded = (row: ColumnsRow): Buffer =>
  Buffer.concat([
    FIELD_COUNT,
    field(integer(8, BigInt(row.position))),
    field(integer(8, BigInt(row.recordedAtMs - PG_EPOCH_MS) * 1000n)),
    field(integer(2, BigInt(row.kind))),
    field(integer(2, BigInt(row.seen))),
    field(row.pool === null ? null : Buffer.from(row.pool)),
    field(row.machine === null ? null : Buffer.from(row.machine, 'base64url')),
  ]);

const rows = fc.array(
  fc.record({
    position: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    recordedAtMs: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    kind: fc.nat({ max: 32_767 }),
    seen: fc.constantFrom<SeenCode>(0, 1, 2, 3),
    pool: fc.option(fc.constantFrom('acme', 'acme.servers', 'other')),
    machine: fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64url'))),
  }),
  { maxLength: 20 },
);

describe('the COPY row parser', () => {
  it('reads the same rows however the bytes are cut', () => {
    fc.assert(
      fc.property(rows, fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1 }), (expected, sizes) => {
        const bytes = Buffer.concat([HEADER, ...expected.map(encoded), TRAILER]);
        const found: ColumnsRow[] = [];
        const parse = copyRowParser((row) => found.push(row));
        for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
          const size = sizes[cut % sizes.length] ?? 1;
          parse(bytes.subarray(at, at + size));
          at += size;
        }
        expect(found).toEqual(expected);
      }),
    );
  });

  it('refuses what is not a binary COPY of these columns', () => {
    expect(() => copyRowParser(() => undefined)(Buffer.alloc(40, 'x'))).toThrow('not the binary form');
    expect(() => copyRowParser(() => undefined)(Buffer.concat([HEADER, Buffer.from([0, 3])]))).toThrow('3 fields');
  });
});
