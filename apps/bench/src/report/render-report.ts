import type { Spread } from '../statistics/spread.js';
import type { ComparisonResult, LaneResult } from '../measure/run-lane.js';
import { formatNumber } from './format-number.js';
import type { BenchReport } from './report.js';
import { textTable } from './text-table.js';

const range = ({ min, max }: Spread): string => `${formatNumber(min)}–${formatNumber(max)}`;

const optional = (value: number | undefined): string => (value === undefined ? '' : formatNumber(value));

const verdict = ({ ratio, target }: ComparisonResult): readonly string[] => {
  if (target === undefined) return ['', ''];
  return [formatNumber(target), ratio.median >= target ? 'met' : 'below'];
};

const cpuTable = ({ subjects, unit }: LaneResult): readonly string[] => {
  const measured = subjects.filter(({ cpuMicros }) => cpuMicros !== undefined);
  const parts = [...new Set(measured.flatMap(({ cpuMicros = {} }) => Object.keys(cpuMicros)))];
  if (parts.length === 0) return [];
  const total = (cpuMicros: Readonly<Record<string, number>> = {}): number => Object.values(cpuMicros).reduce((sum, micros) => sum + micros, 0);
  const rows = measured.map(({ name, cpuMicros }) => [name, ...parts.map((part) => formatNumber(cpuMicros?.[part] ?? 0)), formatNumber(total(cpuMicros))]);
  return textTable([[`CPU µs for each of the ${unit}`, ...parts, 'all'], ...rows]);
};

const laneLines = (lane: LaneResult): readonly string[] => {
  const subjects = lane.subjects.map(({ name, perSecond, p50Ms, p99Ms }) => [name, formatNumber(perSecond.median), range(perSecond), optional(p50Ms), optional(p99Ms)]);
  const comparisons = lane.comparisons.map((comparison) => [comparison.name, formatNumber(comparison.ratio.median), range(comparison.ratio), ...verdict(comparison)]);
  const cpu = cpuTable(lane);
  return [
    `── ${lane.title}`,
    ...textTable([['', `${lane.unit}/s`, 'min–max', 'p50 ms', 'p99 ms'], ...subjects]),
    '',
    ...textTable([['ratio within each round', 'median', 'min–max', 'target', ''], ...comparisons]),
    ...(cpu.length === 0 ? [] : ['', ...cpu]),
    ...lane.notes.map((note) => `· ${note}`),
    '',
  ];
};

const list = (values: Readonly<Record<string, string>>): string => Object.entries(values).map(([name, value]) => `${name} ${value}`).join(', ');

/** The report for people. */
export const renderReport = (report: BenchReport): string => {
  const { machine, measured, plan, failures } = report;
  return [
    `Muster bench of ${measured.commit}${measured.changed ? ' with changes' : ''}, ${report.startedAt}: ${plan.rounds} interleaved rounds of ${plan.seconds} s, medians`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Linux ${machine.kernel}, load before ${machine.loadBefore}`.replace('Linux Linux', 'Linux'),
    list(report.versions),
    `PostgreSQL: ${list(report.postgresSettings)}; 8 KiB write + fdatasync ${formatNumber(report.fdatasyncPerSecond)}/s`,
    '',
    ...report.lanes.flatMap(laneLines),
    ...failures.map(({ lane, reason }) => `✗ ${lane} was not measured: ${reason}`),
  ].join('\n');
};
