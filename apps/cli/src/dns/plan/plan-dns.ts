import type { DnsPlan } from '@muster/contracts';
import { findHost } from '../../access/find-host.js';
import type { ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { dnsApi } from '../dns-api.js';
import type { DomainsOptions } from '../dns-options.js';
import { isWrong, verdict } from '../verdict.js';
import { planLines } from './plan-lines.js';

/** Whether anything is left to do, by the registrar or by hand; records of others at our names are theirs. */
const isToDo = ({ changes, differences, findings, refused, failure }: DnsPlan['domains'][number]): boolean =>
  changes.length > 0 || differences.some(({ kind }) => kind !== 'foreign') || findings.some(isWrong) || refused !== null || failure !== null;

/** Shows a plan; answers `conflict` or `findings` when DNS is not as it should be. */
export const showPlan = (plan: DnsPlan, terminal: Terminal): ExitCode => {
  if (terminal.json) terminal.data(JSON.stringify(plan, undefined, 2));
  else for (const line of planLines(plan, terminal.paintData)) terminal.data(line);
  return verdict({ conflicts: plan.domains.reduce((sum, { conflicts }) => sum + conflicts.length, 0), wrong: plan.domains.some(isToDo) });
};

/** Asks DNS, and shows what would be changed; changes nothing. */
export const planDns = async ({ domain, ...access }: DomainsOptions, terminal: Terminal): Promise<ExitCode> => showPlan(await dnsApi(findHost(access)).plan(domain), terminal);
