import { findHost } from '../../access/find-host.js';
import type { ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { dnsApi } from '../dns-api.js';
import type { DomainsOptions } from '../dns-options.js';
import { verdict } from '../verdict.js';
import { appliedLines } from './applied-lines.js';
import { showPlan } from './plan-dns.js';

export interface ApplyDnsOptions extends DomainsOptions {
  /** The share of our records that may be deleted in one go, this once. */
  readonly deleteShare?: number;
  readonly dryRun?: boolean;
}

/** Makes DNS what it should be, now; with `dryRun` shows the plan instead. */
export const applyDns = async ({ domain, deleteShare, dryRun = false, ...access }: ApplyDnsOptions, terminal: Terminal): Promise<ExitCode> => {
  const api = dnsApi(findHost(access));
  if (dryRun) return showPlan(await api.plan(domain), terminal);
  const applied = await api.apply({ ...(domain === undefined ? {} : { domains: [...domain] }), ...(deleteShare === undefined ? {} : { deleteShareMax: deleteShare }) });
  if (terminal.json) terminal.data(JSON.stringify(applied, undefined, 2));
  else for (const line of appliedLines(applied, terminal.paintData)) terminal.data(line);
  return verdict({
    conflicts: applied.domains.reduce((sum, { conflicts }) => sum + conflicts.length, 0),
    wrong: applied.domains.some(({ changes, refused, failure }) => refused !== null || failure !== null || changes.some(({ outcome }) => outcome === 'failed')),
  });
};
