import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { LeafFields } from './leaf-hash.js';
import { GENESIS_HASH, leafHash, runningHash } from './leaf-hash.js';

const leaf: LeafFields = {
  ledger: 'acme',
  position: 2 ** 33 + 7,
  recordedAtMs: 1_795_334_400_123,
  type: 'ActivationDeferred',
  version: 1,
  actor: 'machine:NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  requestId: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  causationId: 2 ** 33 + 6,
  body: Buffer.from('{"pool":"acme","retryAfterSeconds":7200}'),
};

/** The encoding written down a second time, from its description alone. */
const described = (fields: LeafFields): string => {
  const u = (bytes: number, value: number): string => BigInt(value).toString(16).padStart(bytes * 2, '0');
  const field = (hex: string | null): string => (hex === null ? 'ffffffff' : u(4, hex.length / 2) + hex);
  const text = (value: string): string => Buffer.from(value, 'utf8').toString('hex');
  const hex = [
    text(fields.ledger),
    u(8, fields.position),
    u(8, fields.recordedAtMs),
    text(fields.type),
    u(4, fields.version),
    text(fields.actor),
    fields.requestId === null ? null : text(fields.requestId),
    fields.causationId === null ? null : u(8, fields.causationId),
    Buffer.from(fields.body).toString('hex'),
  ];
  return createHash('sha256').update(Buffer.from(`00${hex.map(field).join('')}`, 'hex')).digest('hex');
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the leaf hash', () => {
  it('is frozen', () => {
    expect(hex(leafHash(leaf))).toBe('86d61cfc692c1df445ef6a44955500d6a460b49714c8b3a6f40ce7da57d659a2');
    expect(hex(leafHash({ ...leaf, requestId: null, causationId: null }))).toBe('9bd4f05dc1da0f75212cb94bcc467fe951005dd5414807076d7502b200341a02');
  });

  it('is what its description says, for any fields', () => {
    const text = fc.string({ unit: 'grapheme' });
    const place = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    const fields = fc.record({
      ledger: text,
      position: place,
      recordedAtMs: place,
      type: text,
      version: fc.nat({ max: 2 ** 32 - 1 }),
      actor: text,
      requestId: fc.option(text),
      causationId: fc.option(place),
      body: fc.uint8Array({ maxLength: 9_000 }),
    });
    fc.assert(fc.property(fields, (one) => expect(hex(leafHash(one))).toBe(described(one))));
  });

  it('changes with every field, and tells an absent one from an empty one', () => {
    const others: readonly Partial<LeafFields>[] = [
      { ledger: 'acmf' },
      { position: leaf.position + 1 },
      { recordedAtMs: leaf.recordedAtMs + 1 },
      { type: 'ActivationGranted' },
      { version: 2 },
      { actor: 'operator:x' },
      { requestId: null },
      { requestId: '' },
      { causationId: null },
      { causationId: 0 },
      { body: Buffer.from('{}') },
      // The same bytes, cut elsewhere.
      { ledger: 'acmeA', type: leaf.type.slice(1) },
    ];
    const hashes = others.map((other) => hex(leafHash({ ...leaf, ...other })));
    expect(new Set([hex(leafHash(leaf)), ...hashes]).size).toBe(others.length + 1);
  });
});

describe('the running hash', () => {
  it('is frozen', () => {
    expect(hex(runningHash(GENESIS_HASH, leafHash(leaf)))).toBe('5bcb3d20e686922d88df890a8ddf531896c2420123f9d590b35d6d8d1678d5b6');
  });

  it('covers 0x02, the one before and the leaf', () => {
    const previous = Buffer.alloc(32, 5);
    const expected = createHash('sha256').update(Buffer.concat([Buffer.from([2]), previous, leafHash(leaf)])).digest('hex');
    expect(hex(runningHash(previous, leafHash(leaf)))).toBe(expected);
  });

  it('takes only whole hashes', () => {
    expect(() => runningHash(Buffer.alloc(31), leafHash(leaf))).toThrow('32 bytes');
  });
});
