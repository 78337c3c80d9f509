import { bindLines } from './bind-lines.js';
import { textsOf, zoneData } from './record-data.js';
import { RECORDS, recordsAt } from './records.fixture.js';
import { route53Batch } from './route53-batch.js';
import { textLines } from './text-lines.js';
import { windowsLines } from './windows-lines.js';

const corp = RECORDS.filter(({ zone }) => zone === 'corp.example');

describe('records to be entered', () => {
  it('as zone lines have final dots and quoted texts, zone by zone', () => {
    expect(bindLines(RECORDS).filter((line) => line.startsWith(';'))).toEqual(['; zone corp.example', '; zone example.org']);
    expect(bindLines(corp.slice(0, 2))).toEqual([
      '; zone corp.example',
      '_muster._tcp.corp.example. 300 IN SRV 0 10 443 a.corp.example.',
      '_muster._tcp.corp.example. 300 IN TXT "v=muster1 target=a.corp.example port=443 scheme=https"',
    ]);
  });

  it('as PowerShell name the zone and what is below it', () => {
    expect(windowsLines(corp.slice(4, 6))).toEqual([
      "Add-DnsServerResourceRecord -Srv -ZoneName 'corp.example' -Name '_muster._tcp.berlin._sites' -TimeToLive 00:05:00 -DomainName 'a.corp.example' -Priority 0 -Weight 10 -Port 443",
      "Add-DnsServerResourceRecord -Txt -ZoneName 'corp.example' -Name '_muster._tcp.berlin._sites' -TimeToLive 00:05:00 -DescriptiveText 'v=muster1 target=a.corp.example port=443 scheme=https'",
    ]);
    expect(windowsLines(RECORDS.slice(6))[0]).toMatch(/-ZoneName 'example.org' -Name '_muster._tcp.lab' -TimeToLive 1\.00:00:00 /);
    const delegated = recordsAt({ zone: '_muster._tcp.corp.example', name: '_muster._tcp.corp.example', target: 'a.corp.example' });
    expect(windowsLines(delegated)[0]).toContain("-Name '@'");
  });

  it('in PowerShell cannot break out of their quotes', () => {
    const [, text] = recordsAt({ zone: 'corp.example', name: '_muster._tcp.corp.example', target: 'a.corp.example' });
    const [line = ''] = windowsLines(text === undefined ? [] : [{ ...text, data: '"a\'; Remove-Item $env:X; \'b \\"c\\" \\\\"' }]);
    expect(line).toContain(`-DescriptiveText 'a''; Remove-Item $env:X; ''b "c" \\'`);
  });

  it('for Route 53 are one set for each name and type, with all its values', () => {
    const { Changes } = route53Batch(corp);
    expect(Changes.map(({ Action, ResourceRecordSet: { Name, Type, ResourceRecords } }) => `${Action} ${Type} ${Name} ${ResourceRecords.length}`)).toEqual([
      'UPSERT SRV _muster._tcp.corp.example. 2',
      'UPSERT TXT _muster._tcp.corp.example. 2',
      'UPSERT SRV _muster._tcp.berlin._sites.corp.example. 1',
      'UPSERT TXT _muster._tcp.berlin._sites.corp.example. 1',
    ]);
    expect(Changes[0]?.ResourceRecordSet).toEqual({ Name: '_muster._tcp.corp.example.', Type: 'SRV', TTL: 300, ResourceRecords: [{ Value: '0 10 443 a.corp.example.' }, { Value: '100 10 8443 b.corp.example.' }] });
    expect(Changes[1]?.ResourceRecordSet.ResourceRecords[0]).toEqual({ Value: '"v=muster1 target=a.corp.example port=443 scheme=https"' });
  });

  it('for Route 53 lie in one zone; nothing is a batch, too', () => {
    expect(() => route53Batch(RECORDS)).toThrow(/one hosted zone, and the records lie in corp.example, example.org/);
    expect(route53Batch([]).Changes).toEqual([]);
  });

  it('for people are a table of fields', () => {
    expect(textLines(RECORDS.slice(6))).toEqual([
      'In zone example.org: 1 SRV record and 1 TXT record',
      '',
      '  name                            TTL  priority  weight  port  target',
      '  _muster._tcp.lab.example.org  86400         0      10  8443  b.corp.example',
      '',
      '  name                            TTL  text',
      '  _muster._tcp.lab.example.org  86400  v=muster1 target=b.corp.example port=8443 scheme=https',
    ]);
  });

  it('are none where none are wanted', () => {
    for (const lines of [bindLines, windowsLines, textLines]) expect(lines([])).toEqual([]);
  });
});

describe('the data of a record', () => {
  const [srv, txt] = recordsAt({ zone: 'corp.example', name: '_muster._tcp.corp.example', target: 'a.corp.example' });

  it('gets the final dot that a host left out: without, a zone would add its own name', () => {
    expect(zoneData({ ...srv!, data: '0 10 443 a.corp.example' })).toBe('0 10 443 a.corp.example.');
  });

  it('keeps texts with several strings, quotes and backslashes', () => {
    const data = '"one \\"two\\"" "three\\\\" "f\\111ur"';
    expect(textsOf({ data })).toEqual(['one "two"', 'three\\', 'four']);
    expect(zoneData({ ...txt!, data })).toBe('"one \\"two\\"" "three\\\\" "four"');
  });

  it('is not guessed', () => {
    expect(() => zoneData({ ...srv!, data: 'a.corp.example. 443' })).toThrow(/not the data of an SRV record/);
    expect(() => zoneData({ ...txt!, data: 'v=muster1' })).toThrow(/not the data of a TXT record/);
  });
});
