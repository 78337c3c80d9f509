import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firmwareEvidenceSchema } from '@muster/contracts';
import { acpiTable } from './acpi-table.fixture.js';
import { readFirmwareEvidence } from './firmware-evidence.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muster-acpi-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const absent = (table: 'SLIC' | 'MSDM') => ({ table, status: 'absent' });

describe('the evidence of the firmware', () => {
  it('is what stands in the tables that there are', () => {
    writeFileSync(join(directory, 'SLIC'), acpiTable());
    expect(readFirmwareEvidence(directory)).toEqual([{ table: 'SLIC', status: 'present', oemId: 'ACRSYS', oemTableId: 'ACRPRDCT', marker: 'WINDOWS' }, absent('MSDM')]);
  });

  it('finds the first of several tables', () => {
    writeFileSync(join(directory, 'MSDM1'), acpiTable({ signature: 'MSDM', body: Buffer.alloc(20) }));
    expect(readFirmwareEvidence(directory)).toMatchObject([absent('SLIC'), { table: 'MSDM', status: 'present' }]);
  });

  it('says of a machine without such tables that there are none', () => {
    expect(readFirmwareEvidence(directory)).toEqual([absent('SLIC'), absent('MSDM')]);
  });

  it('says of a system that shows no tables that nobody could look', () => {
    const unsupported = (table: string) => ({ table, status: 'unreadable', why: 'unsupported' });
    expect(readFirmwareEvidence(join(directory, 'nowhere'))).toEqual([unsupported('SLIC'), unsupported('MSDM')]);
    mkdirSync(join(directory, 'SLIC'));
    expect(readFirmwareEvidence(directory)).toEqual([unsupported('SLIC'), absent('MSDM')]);
  });

  it('says of a table that only root may read that it may not be read', () => {
    writeFileSync(join(directory, 'SLIC'), acpiTable());
    chmodSync(join(directory, 'SLIC'), 0o000);
    const [slic] = readFirmwareEvidence(directory);
    // Root may read everything: then it is read.
    expect(slic).toMatchObject(process.getuid?.() === 0 ? { status: 'present' } : { status: 'unreadable', why: 'not-permitted' });
  });

  it('reads no more than a table can have', () => {
    writeFileSync(join(directory, 'SLIC'), acpiTable({ body: Buffer.alloc(1024 * 1024) }));
    expect(readFirmwareEvidence(directory)[0]).toEqual({ table: 'SLIC', status: 'unreadable', why: 'bad-length' });
  });

  it('of this very machine, whatever it is, fits the schema', () => {
    const evidence = readFirmwareEvidence();
    expect(firmwareEvidenceSchema.parse(evidence)).toEqual(evidence);
  });
});
