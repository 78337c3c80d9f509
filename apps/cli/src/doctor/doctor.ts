import { systemClock } from '@muster/kernel';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { examine } from './examine.js';
import { needsAttention } from './report.js';
import { reportLines } from './report-lines.js';
import type { DoctorOptions } from './wishes.js';

/** Examines what a client of this machine needs; answers `findings` when somebody has to do something. */
export const doctor = async (options: DoctorOptions, terminal: Terminal): Promise<ExitCode> => {
  terminal.progress('looking…');
  const report = await examine(options, systemClock);
  terminal.progress('');
  if (terminal.json) terminal.data(JSON.stringify({ findings: report.findings, checks: report.checks, skipped: report.skipped }, undefined, 2));
  else for (const line of reportLines(report, { paint: terminal.paintData, verbose: terminal.verbose })) terminal.data(line);
  return needsAttention(report) ? exitCodes.findings : exitCodes.ok;
};
