import { findHost } from '../../access/find-host.js';
import type { ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { dnsApi } from '../dns-api.js';
import type { DomainsOptions } from '../dns-options.js';
import { isWrong, verdict } from '../verdict.js';
import { checkLines } from './check-lines.js';

/** Compares DNS with what is wanted, and names each difference, records of others included; with or without dynamic DNS. */
export const checkDns = async ({ domain, ...access }: DomainsOptions, terminal: Terminal): Promise<ExitCode> => {
  const plan = await dnsApi(findHost(access)).plan(domain);
  if (terminal.json) terminal.data(JSON.stringify(plan, undefined, 2));
  else for (const line of checkLines(plan, terminal.paintData)) terminal.data(line);
  return verdict({
    conflicts: plan.domains.reduce((sum, { conflicts }) => sum + conflicts.length, 0),
    wrong: plan.domains.some(({ differences, findings, failure }) => differences.length > 0 || findings.some(isWrong) || failure !== null),
  });
};
