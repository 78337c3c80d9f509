import { findHost } from '../../access/find-host.js';
import type { ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { dnsApi } from '../dns-api.js';
import type { EndpointOptions } from '../dns-options.js';
import { meantEndpoint } from './meant-endpoint.js';
import { DNS_FOLLOWS, sayOrder } from './say-order.js';

const orderOf = (endpoint: string | undefined) => (endpoint === undefined ? {} : { endpoint });

/** Takes an administrator's withdrawal back. */
export const publishEndpoint = async ({ endpoint: named, dryRun = false, ...access }: EndpointOptions, terminal: Terminal): Promise<ExitCode> => {
  const api = dnsApi(findHost(access));
  if (dryRun) {
    const { endpoint, standing, cause } = meantEndpoint(await api.describe(), named);
    const wouldChange = standing === 'withdrawn' && cause === 'command';
    return sayOrder({ dryRun, endpoint, wouldChange }, wouldChange ? `Would list ${endpoint} again.` : `Nothing to take back: ${endpoint} was not withdrawn by an administrator (it is ${standing}).`, terminal);
  }
  const answer = await api.publish(orderOf(named));
  return sayOrder(answer, answer.recorded ? `${answer.endpoint} is listed again. ${DNS_FOLLOWS}` : `Nothing to take back: ${answer.endpoint} was not withdrawn by an administrator.`, terminal);
};

/** Takes an endpoint out of DNS until it is published again, whatever it announces. */
export const withdrawEndpoint = async ({ endpoint: named, dryRun = false, ...access }: EndpointOptions, terminal: Terminal): Promise<ExitCode> => {
  const api = dnsApi(findHost(access));
  if (dryRun) {
    const { endpoint, standing, cause, published } = meantEndpoint(await api.describe(), named);
    const wouldChange = !(standing === 'withdrawn' && cause === 'command');
    const names = published.map(({ name }) => name);
    const words = wouldChange ? [`Would withdraw ${endpoint}, which stands at ${names.length === 0 ? 'no name' : names.join(', ')}.`] : [`Withdrawn already: ${endpoint}.`];
    return sayOrder({ dryRun, endpoint, wouldChange, names }, words.join('\n'), terminal);
  }
  const answer = await api.withdraw(orderOf(named));
  return sayOrder(answer, answer.recorded ? `${answer.endpoint} is withdrawn until \`muster dns publish\`. ${DNS_FOLLOWS}` : `Withdrawn already: ${answer.endpoint}.`, terminal);
};
