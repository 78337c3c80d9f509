import { firmwareTableSchema } from '@muster/contracts';
import fc from 'fast-check';
import { acpiTable, marker, publicKey, structure } from './acpi-table.fixture.js';
import { parseAcpiTable } from './acpi-table.js';

const read = (bytes: Uint8Array) => parseAcpiTable('SLIC', bytes);
const why = (bytes: Uint8Array): string => {
  const entry = read(bytes);
  return entry.status === 'unreadable' ? entry.why : entry.status;
};

describe('a licensing table of correct form', () => {
  it('has the length that real ones have, and says whose it is and how it is marked', () => {
    const table = acpiTable();
    expect(table).toHaveLength(0x176);
    expect(read(table)).toEqual({ table: 'SLIC', status: 'present', oemId: 'ACRSYS', oemTableId: 'ACRPRDCT', marker: 'WINDOWS' });
  });

  it.each([
    ["the flag of the marker structure, the vendor's own included", acpiTable({ body: marker('ACME PRO') }), 'ACME PRO'],
    ['that flag also where other structures stand before it', acpiTable({ body: Buffer.concat([publicKey(), structure(7, 12), marker('ACME')]) }), 'ACME'],
    ['the first flag of several', acpiTable({ body: Buffer.concat([marker('FIRST'), marker('SECOND')]) }), 'FIRST'],
    ['the OEM table id without a marker structure', acpiTable({ oemTableId: 'ACME-UPG', body: publicKey() }), 'ACME-UPG'],
    ['the OEM table id of a bare header', acpiTable({ oemTableId: 'ACME', body: Buffer.alloc(0) }), 'ACME'],
    ['nothing where the flag is blank: it was left out on purpose', acpiTable({ body: marker('') }), ''],
  ])('is marked by %s', (_, table, expected) => {
    expect(read(table)).toMatchObject({ status: 'present', marker: expected });
  });

  it('of an MSDM is its header alone: the key behind it is in nothing that is said', () => {
    const key = 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE';
    const table = acpiTable({ signature: 'MSDM', oemTableId: 'SLIC-BPC', body: Buffer.concat([Buffer.alloc(20), Buffer.from(key)]) });
    const said = parseAcpiTable('MSDM', table);
    expect(said).toEqual({ table: 'MSDM', status: 'present', oemId: 'ACRSYS', oemTableId: 'SLIC-BPC', marker: 'SLIC-BPC' });
    expect(JSON.stringify(said)).not.toContain('AAAAA');
  });

  it('shows bytes that are no text as such, never as a marker that a policy could ask for', () => {
    expect(read(acpiTable({ body: marker('AC\u0001ME\u00ff') }))).toMatchObject({ marker: 'AC\ufffdME\ufffd' });
  });
});

describe('a licensing table of broken form', () => {
  const good = acpiTable();
  const withByte = (at: number, value: number): Buffer => {
    const changed = Buffer.from(good);
    changed[at] = value;
    return changed;
  };

  it.each([
    ['no bytes at all', Buffer.alloc(0), 'bad-length'],
    ['less than a header', good.subarray(0, 35), 'bad-length'],
    ['a table that was cut', good.subarray(0, 200), 'bad-length'],
    ['bytes after its end', Buffer.concat([good, Buffer.alloc(4)]), 'bad-length'],
    ['a length beyond its end', acpiTable({ length: 100_000 }), 'bad-length'],
    ['a length of nothing', acpiTable({ length: 0 }), 'bad-length'],
    ['another signature', acpiTable({ signature: 'SSDT' }), 'bad-signature'],
    ['a checksum that does not add up', withByte(9, ((good[9] ?? 0) + 1) & 0xff), 'bad-checksum'],
    ['a structure without a length', acpiTable({ body: Buffer.alloc(8) }), 'bad-length'],
    ['a structure longer than the table', acpiTable({ body: Buffer.concat([marker('ACME').subarray(0, 100)]) }), 'bad-length'],
    ['a marker structure of another length', acpiTable({ body: structure(1, 40) }), 'bad-length'],
    ['a public key of another length', acpiTable({ body: structure(0, 157) }), 'bad-length'],
    ['a beginning of a structure', acpiTable({ body: Buffer.concat([marker('ACME'), Buffer.from([1, 0, 0])]) }), 'bad-length'],
  ])('is unreadable for %s', (_, table, expected) => {
    expect(why(table)).toBe(expected);
  });

  it('is unreadable with any one byte of it changed', () => {
    fc.assert(fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => expect(read(withByte(at, (good[at] ?? 0) ^ flip)).status).toBe('unreadable')));
  });
});

describe('whatever bytes there are', () => {
  const bytes = fc.uint8Array({ maxLength: 600 });
  /** With a header that holds, so that the structures behind it are reached. */
  const framed = bytes.map((body) => acpiTable({ body: Buffer.from(body) }));
  const chained = fc.array(fc.tuple(fc.nat(3), fc.nat(200), fc.uint8Array({ maxLength: 200 })), { maxLength: 5 }).map((parts) =>
    acpiTable({ body: Buffer.concat(parts.map(([type, length, body]) => structure(type, length + 8, Buffer.from(body)))) }),
  );

  it('what is said of them fits the schema', () => {
    fc.assert(
      fc.property(fc.oneof(bytes, framed, chained), fc.constantFrom('SLIC' as const, 'MSDM' as const), (table, name) => {
        const said = parseAcpiTable(name, table);
        expect(firmwareTableSchema.parse(said)).toEqual(said);
      }),
      { numRuns: 1000 },
    );
  });
});
