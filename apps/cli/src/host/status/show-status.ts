import { systemClock } from '@muster/kernel';
import { findHost } from '../../access/find-host.js';
import type { AccessOptions } from '../../access/host-access.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { HostStatus } from './host-status.js';
import { readHostStatus } from './host-status.js';
import { statusLines } from './status-lines.js';

/** The host's own time, where it says it: that is what its certificate is held against. */
const nowAt = ({ statistics }: HostStatus): number => (statistics === null ? systemClock.nowMs() : Date.parse(statistics.asOf));

export const showStatus = async (options: AccessOptions, terminal: Terminal): Promise<ExitCode> => {
  const status = await readHostStatus(findHost(options));
  if (terminal.json) terminal.data(JSON.stringify(status, undefined, 2));
  else for (const line of statusLines(status, { nowMs: nowAt(status), paint: terminal.paintData })) terminal.data(line);
  return status.ready ? exitCodes.ok : exitCodes.unreachable;
};
