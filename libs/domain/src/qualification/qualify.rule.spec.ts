import type { FirmwareEvidence, FirmwareTable, QualificationPolicy } from '@muster/contracts';
import type { Qualification } from './qualify.rule.js';
import { qualify } from './qualify.rule.js';

const strict: QualificationPolicy = { table: 'SLIC', marker: 'ACME PRO', unreadable: 'refuse' };
const lenient: QualificationPolicy = { ...strict, unreadable: 'pass' };

const present = (marker: string, table: FirmwareTable['table'] = 'SLIC'): FirmwareTable => ({ table, status: 'present', oemId: 'ACRSYS', oemTableId: 'ACRPRDCT', marker });
const absent: FirmwareTable = { table: 'SLIC', status: 'absent' };
const unreadable: FirmwareTable = { table: 'SLIC', status: 'unreadable', why: 'bad-checksum' };

const table: readonly (readonly [what: string, policy: QualificationPolicy | undefined, evidence: FirmwareEvidence | undefined, because: Qualification['because']])[] = [
  ['a product that is no upgrade asks for nothing', undefined, [present('OTHER')], 'not-asked-for'],
  ['a product that is no upgrade asks for nothing, told or not', undefined, undefined, 'not-asked-for'],
  ['no table passes', strict, [absent], 'no-table'],
  ['a table with the marker passes', strict, [present('ACME PRO')], 'marker'],
  ['a table without the marker is refused', strict, [present('WINDOWS')], 'no-marker'],
  ['a marker in other letters is another marker', strict, [present('acme pro')], 'no-marker'],
  ['a table without a marker is refused, also where unreadable ones pass', lenient, [present('')], 'no-marker'],
  ['an unreadable table is refused where the policy says so', strict, [unreadable], 'unreadable-refused'],
  ['an unreadable table passes where the policy says so', lenient, [unreadable], 'unreadable-passes'],
  ['a machine that says nothing has shown nothing: refused', strict, undefined, 'unreadable-refused'],
  ['a machine that says nothing has shown nothing: passes', lenient, undefined, 'unreadable-passes'],
  ['a machine that tells of nothing has shown nothing', strict, [], 'unreadable-refused'],
  ['the other table does not stand for the one asked for', strict, [present('ACME PRO', 'MSDM')], 'unreadable-refused'],
  ['the table asked for is found beside the other', strict, [present('OTHER', 'MSDM'), present('ACME PRO')], 'marker'],
];

describe('the qualification for an upgrade', () => {
  it.each(table)('%s', (_, policy, evidence, because) => {
    const passing: readonly Qualification['because'][] = ['not-asked-for', 'no-table', 'marker', 'unreadable-passes'];
    expect(qualify(policy, evidence)).toEqual({ qualifies: passing.includes(because), because });
  });
});
