import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LANE_NAMES } from '../measure/lane.js';
import { roundForFile } from './format-number.js';
import type { BenchReport } from './report.js';

const RESULTS_DIR = fileURLToPath(new URL('../../results', import.meta.url));

export const serializeReport = (report: BenchReport): string => `${JSON.stringify(report, roundForFile, 2)}\n`;

/** `2026-01-05-abc1234.json`; a run of some lanes says which. */
export const reportFileName = ({ startedAt, measured, lanes }: BenchReport): string => {
  const some = lanes.length < LANE_NAMES.length ? `-${lanes.map(({ lane }) => lane).join('-')}` : '';
  return `${startedAt.slice(0, 10)}-${measured.commit}${some}.json`;
};

/** Keeps the report beside the earlier ones, and answers its name there. Committing it is a person's decision. */
export const keepReport = (report: BenchReport, dir = RESULTS_DIR): string => {
  mkdirSync(dir, { recursive: true });
  const name = reportFileName(report);
  writeFileSync(join(dir, name), serializeReport(report));
  return `${basename(dir)}/${name}`;
};
