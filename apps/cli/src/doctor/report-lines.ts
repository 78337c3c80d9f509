import type { Paint } from '../terminal/paint.js';
import { counted } from '../terminal/words.js';
import { type Area, areas, entryOf, type Severity } from './finding-catalogue.js';
import type { DoctorReport, Finding } from './report.js';

const titles: Readonly<Record<Area, string>> = { dns: 'DNS', hosts: 'Hosts', registrar: 'DNS registrar', services: 'Services', machine: 'This machine' };

const ORDER: readonly Severity[] = ['error', 'warning', 'info'];
const COLOURS = { error: 'red', warning: 'yellow', info: 'cyan' } as const;

/** Some of it is what strangers answered: nothing of that moves a cursor or turns a line around. */
const shown = (text: string): string => text.replace(/[^\P{C}\n]+/gu, ' ');

const findingLines = ({ id, severity, subject, detail, remedy }: Finding, paint: Paint): readonly string[] => [`  ${paint(COLOURS[severity], severity)}  ${shown(subject)}: ${shown(detail)}  ${paint('dim', `(${id})`)}`, `         ${remedy}`];

const areaLines = (area: Area, { findings, checks, skipped }: DoctorReport, { paint, verbose }: { readonly paint: Paint; readonly verbose: boolean }): readonly string[] => {
  const found = findings.filter(({ id }) => entryOf(id).area === area);
  const looked = checks.filter((check) => check.area === area);
  const left = skipped.filter((each) => each.area === area);
  if (found.length + looked.length + left.length === 0) return [];
  const worst = ORDER.flatMap((severity) => found.filter((finding) => finding.severity === severity));
  return [
    paint('bold', titles[area]),
    ...worst.flatMap((finding) => findingLines(finding, paint)),
    ...(verbose ? looked.map(({ subject, detail }) => `  looked at  ${shown(subject)}: ${shown(detail)}`) : []),
    ...(found.length === 0 && looked.length > 0 ? [`  ${paint('green', 'ok')}  ${counted(looked.length, 'check')}`] : []),
    ...left.map(({ subject, reason }) => `  skipped  ${shown(subject)}: ${shown(reason)}`),
    '',
  ];
};

/** `2 errors, 1 warning, 0 remarks; 12 checks made, 3 skipped`. */
export const countsLine = ({ findings, checks, skipped }: DoctorReport): string => {
  const of = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  return `${counted(of('error'), 'error')}, ${counted(of('warning'), 'warning')}, ${counted(of('info'), 'remark')}; ${counted(checks.length, 'check')} made, ${skipped.length} skipped`;
};

/** The report as a person reads it: by what it is about, the worst first, each with what to do. */
export const reportLines = (report: DoctorReport, options: { readonly paint: Paint; readonly verbose: boolean }): readonly string[] => [...areas.flatMap((area) => areaLines(area, report, options)), countsLine(report)];
