import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type as systemName } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly kernel: string;
  /** Processes that wanted a core in the minute before the run; much above 0, and somebody else was working too. */
  readonly loadBefore: number;
}

const GIB = 1024 ** 3;

const distribution = (): string => {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? systemName();
  } catch {
    return systemName();
  }
};

/** What the figures were measured on; nothing that names this machine or its owner. */
export const describeMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / GIB),
  system: distribution(),
  kernel: release(),
  loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
});
