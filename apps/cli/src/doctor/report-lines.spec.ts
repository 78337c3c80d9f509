import { painter } from '../terminal/paint.js';
import { type DoctorReport, finding, needsAttention } from './report.js';
import { reportLines } from './report-lines.js';

const report: DoctorReport = {
  findings: [
    finding('dns-negative-ttl', { subject: 'corp.test', detail: 'One minute.' }),
    finding('dns-target-alias', { subject: 'host.corp.test', detail: 'It is an alias of real.corp.test.' }),
    finding('service-behind', { subject: 'counting', detail: 'It is far behind.' }),
  ],
  checks: [
    { area: 'dns', subject: '_muster._tcp.corp.test', detail: '1 SRV record, TTL 300 s' },
    { area: 'hosts', subject: 'https://host.corp.test', detail: 'ready' },
  ],
  skipped: [{ area: 'registrar', subject: 'registrar', reason: 'no token' }],
};
const lines = (verbose = false): readonly string[] => reportLines(report, { paint: painter(false), verbose });

describe('the report of doctor', () => {
  it('is grouped, the worst first, each with what to do, what was skipped with why; its last line counts', () => {
    expect(lines()).toEqual([
      'DNS',
      '  error  host.corp.test: It is an alias of real.corp.test.  (dns-target-alias)',
      '         Announce the name that has the address itself (MUSTER_ADVERTISE).',
      '  info  corp.test: One minute.  (dns-negative-ttl)',
      "         Lower the last number of the zone's SOA record; 60 to 900 s suit.",
      '',
      'Hosts',
      '  ok  1 check',
      '',
      'DNS registrar',
      '  skipped  registrar: no token',
      '',
      'Services',
      '  warning  counting: It is far behind.  (service-behind)',
      '         Wait; when it does not catch up, see its log.',
      '',
      '1 error, 1 warning, 1 remark; 2 checks made, 1 skipped',
    ]);
  });

  it('names every check when asked to say more', () => {
    expect(lines(true)).toEqual(expect.arrayContaining(['  looked at  _muster._tcp.corp.test: 1 SRV record, TTL 300 s', '  looked at  https://host.corp.test: ready']));
  });

  it('says nothing to the terminal in the words of strangers', () => {
    const rogue = finding('host-not-proved', { subject: 'https://rogue.test', detail: 'it answered x: go\u001b[2J\u202e away\r' });
    expect(reportLines({ findings: [rogue], checks: [], skipped: [] }, { paint: painter(false), verbose: false })[1]).toBe('  error  https://rogue.test: it answered x: go [2J  away   (host-not-proved)');
  });

  it('calls for somebody only for a warning or an error', () => {
    const [remark, error, warning] = report.findings.map((one) => needsAttention({ findings: [one], checks: [] }));
    expect([remark, error, warning, needsAttention({ findings: [], checks: [] })]).toEqual([false, true, true, false]);
  });

  it('holds no finding that the catalogue does not know in that severity', () => {
    expect(() => finding('dns-ttl', { subject: 's', detail: 'd', severity: 'error' })).toThrow('dns-ttl is no error');
  });
});
