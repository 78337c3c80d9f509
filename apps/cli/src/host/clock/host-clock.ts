import { existsSync } from 'node:fs';
import { type ClockControl, openClockControl } from '@muster/devstack';
import { dataDirPaths } from '../../data-dir/data-dir.js';
import { CliFailure } from '../../failure/cli-failure.js';

export interface HostClock extends ClockControl {
  readonly file: string;
}

/**
 * The controlled clock of a data directory, made if asked for and not there yet; nothing where the host has the real time.
 *
 * @throws CliFailure `conflict` when the ledger lived with a controlled clock and is now to have the real one: its time could not go back
 */
export const hostClockOf = (dataDir: string, { controlled }: { readonly controlled: boolean }): HostClock | undefined => {
  const file = dataDirPaths(dataDir).clock;
  if (controlled) return { file, ...openClockControl(file) };
  if (!existsSync(file)) return undefined;
  throw new CliFailure('conflict', `The host on ${dataDir} has a controlled clock; the time in its ledger may be ahead of the real one.`, {
    remedy: 'Start it with --controlled-clock, or another one with --data OTHER-DIR.',
  });
};
