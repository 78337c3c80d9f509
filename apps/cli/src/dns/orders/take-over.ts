import { findHost } from '../../access/find-host.js';
import { CliFailure } from '../../failure/cli-failure.js';
import type { ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { dnsApi } from '../dns-api.js';
import type { EndpointOptions } from '../dns-options.js';
import { indented } from '../plan/plan-lines.js';
import { DNS_FOLLOWS, sayOrder } from './say-order.js';

export interface TakeOverOptions extends Omit<EndpointOptions, 'domain'> {
  readonly domain: string;
  readonly confirm?: boolean;
}

const ownerWords = (owner: string | null): string => (owner === null ? 'whoever it was' : `deployment ${owner}`);

/** Lets what somebody else left at our endpoint's names be replaced; asks for a second word, for there is no way back. */
export const takeOver = async ({ domain, endpoint, dryRun = false, confirm = false, ...access }: TakeOverOptions, terminal: Terminal): Promise<ExitCode> => {
  if (!dryRun && !confirm) {
    throw new CliFailure('usage', `What stands in ${domain} was put there by somebody else, and would be replaced.`, { remedy: 'See what it is by --dry-run, and whether its owner is gone; then say --confirm.' });
  }
  const api = dnsApi(findHost(access));
  if (dryRun) {
    const { domains } = await api.describe();
    const conflicts = domains.filter((one) => one.domain === domain).flatMap((one) => one.conflicts.filter((conflict) => endpoint === undefined || conflict.endpoint === endpoint));
    if (conflicts.length === 0) throw new CliFailure('conflict', `Nobody else's record is known to be in the way in ${domain}${endpoint === undefined ? '' : ` for ${endpoint}`}.`, { remedy: '`muster dns check` asks DNS now.' });
    return sayOrder({ dryRun, domain, conflicts }, conflicts.flatMap((one) => [`Would replace, over ${one.endpoint}, what ${ownerWords(one.owner)} left:`, ...indented(one.found)]).join('\n'), terminal);
  }
  const answer = await api.takeOver({ domain, ...(endpoint === undefined ? {} : { endpoint }) });
  const words = `What ${ownerWords(answer.owner)} left in ${answer.domain} for ${answer.endpoint} may be replaced`;
  return sayOrder(answer, answer.recorded ? `${words}. ${DNS_FOLLOWS}` : `${words}, as was said before.`, terminal);
};
