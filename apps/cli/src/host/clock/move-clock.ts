import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { openClockControl } from '@muster/devstack';
import { systemClock, toInstant } from '@muster/kernel';
import { DATA_DIR_NAME, dataDirPaths, findDataDir } from '../../data-dir/data-dir.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';

export interface MoveClockOptions {
  readonly data?: string;
  /** Seconds forward; 0 only shows the time. */
  readonly advance: number;
}

/** Shows the controlled clock of a local host, and moves it forward when asked to. */
export const moveClock = ({ data, advance }: MoveClockOptions, terminal: Terminal): Promise<ExitCode> => {
  const dataDir = data === undefined ? (findDataDir(process.cwd()) ?? resolve(DATA_DIR_NAME)) : resolve(data);
  const file = dataDirPaths(dataDir).clock;
  if (!existsSync(file)) throw new CliFailure('conflict', `The host on ${dataDir} has the real time.`, { remedy: 'Only a host that was started with `host run --controlled-clock` has a clock that can be moved.' });
  const nowMs = openClockControl(file).advance(advance);
  const aheadSeconds = Math.round((nowMs - systemClock.nowMs()) / 1000);
  if (terminal.json) terminal.data(JSON.stringify({ now: toInstant(nowMs), aheadSeconds }));
  else terminal.data(`${toInstant(nowMs)}, ${aheadSeconds} s ahead of the real time`);
  return Promise.resolve(exitCodes.ok);
};
