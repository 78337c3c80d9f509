import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessRow } from './process-table.js';
import { parseStat, ticksByRoot } from './process-table.js';

/** Linux reports in hundredths of a second to programs (USER_HZ), whatever the kernel itself counts in. */
const MICROS_PER_TICK = 10_000;

const readRow = (pid: string): readonly ProcessRow[] => {
  try {
    return [parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))];
  } catch {
    return []; // ended between the listing and the look
  }
};

const readTable = (): readonly ProcessRow[] => {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap(readRow);
  } catch {
    return []; // not Linux: there is no such table, and the report then has none
  }
};

/** Starts metering processes and all below them; the answer tells the CPU time that each took since, in microseconds. */
export const meterCpu = (roots: Readonly<Record<string, number>>): (() => Readonly<Record<string, number>>) => {
  const before = ticksByRoot(readTable(), roots);
  return () => {
    const rows = readTable();
    if (rows.length === 0) return {};
    const after = ticksByRoot(rows, roots);
    return Object.fromEntries(Object.entries(after).map(([name, ticks]) => [name, (ticks - (before[name] ?? 0)) * MICROS_PER_TICK]));
  };
};
