import { formatNumber, roundForFile } from './format-number.js';
import { renderReport } from './render-report.js';
import type { BenchReport } from './report.js';
import { textTable } from './text-table.js';

const report: BenchReport = {
  schema: 'muster-bench/1',
  startedAt: '2026-01-05T08:00:00.000Z',
  tookSeconds: 100,
  measured: { commit: 'abc1234', changed: false },
  plan: { quick: false, rounds: 2, seconds: 8 },
  machine: { cpu: 'A CPU', cores: 2, memoryGiB: 8, system: 'Debian', kernel: '6.1', loadBefore: 0.1 },
  versions: { node: '20.20.2' },
  postgresSettings: { fsync: 'on' },
  fdatasyncPerSecond: 8700,
  lanes: [
    {
      lane: 'append',
      title: 'append, 32 in flight',
      unit: 'events',
      notes: ['a note'],
      subjects: [
        { name: 'muster', perSecond: { median: 30_000, min: 28_000, max: 31_000 }, p50Ms: 1.04, p99Ms: 3.2, cpuMicros: { gateway: 400, load: 20 }, rounds: [] },
        { name: 'COPY', perSecond: { median: 15_000, min: 14_000, max: 16_000 }, rounds: [] },
      ],
      comparisons: [
        { name: 'muster ÷ COPY', ratio: { median: 2, min: 1.8, max: 2.1 }, target: 1.5, rounds: [] },
        { name: 'for information', ratio: { median: 0.5, min: 0.5, max: 0.5 }, rounds: [] },
      ],
    },
  ],
  failures: [{ lane: 'http', reason: 'no host' }],
};

describe('a report for people', () => {
  const text = renderReport(report);

  it.each([/muster +30,000 +28,000–31,000 +1\.04 +3\.20/, /muster ÷ COPY +2\.00 +1\.80–2\.10 +1\.50 +met/, /for information +0\.50 +0\.50–0\.50$/m, /muster +400 +20\.0 +420/, /http was not measured: no host/, /a note/])(
    'says %s',
    (line) => {
      expect(text).toMatch(line);
    },
  );

  it('says where a target was missed', () => {
    const [lane] = report.lanes;
    const missed = { ...report, lanes: [{ ...lane!, comparisons: [{ name: 'x', ratio: { median: 1, min: 1, max: 1 }, target: 1.5, rounds: [] }] }] };
    expect(renderReport(missed)).toMatch(/x +1\.00 +1\.00–1\.00 +1\.50 +below/);
  });
});

describe('a table', () => {
  it('lines up its columns, and has no white space at the ends of lines', () => {
    expect(textTable([['name', 'n'], ['a', '1,000'], ['longer', '']])).toEqual(['name        n', 'a       1,000', 'longer']);
  });
});

describe('a number', () => {
  it.each([
    [12_345.6, '12,346'],
    [12.34, '12.3'],
    [1.234, '1.23'],
  ])('%d is written %s', (value, expected) => {
    expect(formatNumber(value)).toBe(expected);
  });

  it('is kept with six digits, a count whole', () => {
    expect(JSON.stringify({ a: 1234.56789, b: 'x', c: 123_456_789 }, roundForFile)).toBe('{"a":1234.57,"b":"x","c":123456789}');
  });
});
