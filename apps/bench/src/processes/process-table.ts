/** One process, as `/proc/PID/stat` describes it. */
export interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  /** User and system time of the process, and of the children that it has seen end, in clock ticks. */
  readonly ticks: number;
}

/** Fields of `/proc/PID/stat` after the name, counted from 0 (proc(5) counts the pid as 1). */
const PARENT = 1;
const TIMES = [11, 12, 13, 14]; // utime, stime, cutime, cstime

/** The name stands in parentheses and may hold anything, parentheses and spaces too. @throws Error when it is not such a line */
export const parseStat = (text: string): ProcessRow => {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
  const row = { pid: Number.parseInt(text, 10), parentPid: fields[PARENT] ?? Number.NaN, ticks: TIMES.reduce((sum, index) => sum + (fields[index] ?? Number.NaN), 0) };
  if (!Number.isFinite(row.pid + row.parentPid + row.ticks)) throw new Error(`not a process: ${text}`);
  return row;
};

/** Ticks by root: each process counts for the nearest root among itself and its ancestors; the others for nobody. */
export const ticksByRoot = (rows: readonly ProcessRow[], roots: Readonly<Record<string, number>>): Readonly<Record<string, number>> => {
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const nameByPid = new Map(Object.entries(roots).map(([name, pid]) => [pid, name]));
  const ticks = new Map(Object.keys(roots).map((name) => [name, 0]));
  const rootOf = (start: ProcessRow): string | undefined => {
    for (let row: ProcessRow | undefined = start; row !== undefined; row = byPid.get(row.parentPid)) {
      const name = nameByPid.get(row.pid);
      if (name !== undefined) return name;
    }
    return undefined;
  };
  for (const row of rows) {
    const name = rootOf(row);
    if (name !== undefined) ticks.set(name, (ticks.get(name) ?? 0) + row.ticks);
  }
  return Object.fromEntries(ticks);
};
