import { findHost } from '../../access/find-host.js';
import type { AccessOptions } from '../../access/host-access.js';
import type { ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { dnsApi } from '../dns-api.js';
import { verdict } from '../verdict.js';
import { scavengeLines } from './scavenge-lines.js';

export interface ScavengeOptions extends AccessOptions {
  readonly dryRun?: boolean;
}

/** Removes what this deployment left in DNS and nothing wants any more; with `dryRun` only lists it, and answers `findings` when something would go. */
export const scavenge = async ({ dryRun = false, ...access }: ScavengeOptions, terminal: Terminal): Promise<ExitCode> => {
  const scavenged = await dnsApi(findHost(access)).scavenge({ dryRun });
  if (terminal.json) terminal.data(JSON.stringify(scavenged, undefined, 2));
  else for (const line of scavengeLines(scavenged, terminal.paintData)) terminal.data(line);
  return verdict({ conflicts: 0, wrong: scavenged.failures.length > 0 || scavenged.orphans.some(({ outcome }) => outcome === 'failed' || outcome === 'would-go') });
};
