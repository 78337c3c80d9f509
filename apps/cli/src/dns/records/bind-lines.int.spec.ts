import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedBinary } from '@muster/devstack';
import { bindLines } from './bind-lines.js';
import { byZone, zoneData } from './record-data.js';
import { RECORDS, recordsAt } from './records.fixture.js';

const checkZone = installedBinary('named-checkzone');
if (checkZone === undefined) process.stderr.write('\n*** NOT TESTED: zone lines by named-checkzone. It is not installed: apt-get install bind9\n\n');

const dir = mkdtempSync(join(tmpdir(), 'muster-zone-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A zone as it was before, whose origin and TTL are none of the lines' business; answers what BIND makes of it, record by record. */
const readByBind = (zone: string, lines: readonly string[]): readonly string[] => {
  const file = join(dir, `${zone}.zone`);
  const before = ['$TTL 7', `@ IN SOA ns hostmaster 1 3600 600 86400 60`, '@ IN NS ns', 'ns IN A 192.0.2.1', 'a IN A 192.0.2.2', 'b IN A 192.0.2.3', '$ORIGIN deep.below'];
  writeFileSync(file, [...before, ...lines, ''].join('\n'));
  const dump = execFileSync(checkZone ?? '', ['-q', '-k', 'fail', '-n', 'fail', '-S', 'fail', '-r', 'fail', '-o', '-', '-D', zone, file], { encoding: 'utf8' });
  return dump.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim()).filter((line) => / IN (SRV|TXT) /.test(line)).toSorted();
};

(checkZone === undefined ? describe.skip : describe)('zone lines, as BIND reads them', () => {
  it.each([...byZone(RECORDS)])('of %s are exactly the records', (zone, records) => {
    const wanted = records.map((record) => `${record.name}. ${record.ttlSeconds} IN ${record.type} ${zoneData(record)}`);
    expect(readByBind(zone, bindLines(records))).toEqual(wanted.toSorted());
  });

  it('are refused where a record is none', () => {
    const [srv] = recordsAt({ zone: 'corp.example', name: '_muster._tcp.corp.example', target: 'a.corp.example' });
    expect(() => readByBind('corp.example', bindLines(srv === undefined ? [] : [{ ...srv, data: '70000 10 443 a.corp.example.' }]))).toThrow(/Command failed/);
  });
});
