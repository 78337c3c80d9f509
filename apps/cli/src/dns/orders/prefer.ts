import type { DnsPreferenceOrder } from '@muster/contracts';
import { findHost } from '../../access/find-host.js';
import { CliFailure } from '../../failure/cli-failure.js';
import type { ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { dnsApi } from '../dns-api.js';
import type { EndpointOptions } from '../dns-options.js';
import { type KnownEndpoint, meantEndpoint } from './meant-endpoint.js';
import { DNS_FOLLOWS, sayOrder } from './say-order.js';

export interface PreferOptions extends EndpointOptions {
  /** Takes an earlier word back. */
  readonly asAnnounced?: boolean;
}

/** One member of the order, with its value. */
type Preference = { readonly [What in 'priority' | 'weight' | 'domains']: { readonly what: What; readonly value: NonNullable<DnsPreferenceOrder[What]> | null } }['priority' | 'weight' | 'domains'];

/** Either a value or that there is none any more. @throws CliFailure `usage` */
const givenOrAnnounced = <T>(given: T | undefined, { asAnnounced = false }: PreferOptions): T | null => {
  if ((given === undefined) !== asAnnounced) throw new CliFailure('usage', given === undefined ? 'What is it to be? Give a value, or --as-announced.' : 'Give a value, or --as-announced, not both.');
  return given ?? null;
};

const valueWords = (value: Preference['value']): string => (value === null ? 'as announced' : typeof value === 'number' ? String(value) : value.join(', '));

const inEffect = (known: KnownEndpoint, what: Preference['what']): string => (known[what] === null ? 'all that are configured' : valueWords(known[what]));

const prefer = async ({ what, value }: Preference, { endpoint: named, dryRun = false, ...access }: PreferOptions, terminal: Terminal): Promise<ExitCode> => {
  const api = dnsApi(findHost(access));
  if (dryRun) {
    const description = await api.describe();
    const known = meantEndpoint(description, named);
    const unknown = what === 'domains' && value?.find((one) => !description.domains.some(({ domain }) => domain === one));
    if (unknown) throw new CliFailure('notFound', `The registrar is not configured for ${unknown}.`, { remedy: '`muster dns status` shows its domains.' });
    return sayOrder({ dryRun, endpoint: known.endpoint, [what]: value }, `Would set the ${what} of ${known.endpoint}: ${valueWords(value)} (in effect now: ${inEffect(known, what)}).`, terminal);
  }
  const answer = await api.prefer({ ...(named === undefined ? {} : { endpoint: named }), [what]: value });
  return sayOrder(answer, answer.recorded ? `The ${what} of ${answer.endpoint}: ${valueWords(value)}. ${DNS_FOLLOWS}` : `The ${what} of ${answer.endpoint}: ${valueWords(value)}, as before.`, terminal);
};

/** The lower, the earlier clients ask it. */
export const setPriority =
  (priority: number | undefined) =>
  async (options: PreferOptions, terminal: Terminal): Promise<ExitCode> =>
    prefer({ what: 'priority', value: givenOrAnnounced(priority, options) }, options, terminal);

/** Its share of the clients, among those of one priority. */
export const setWeight =
  (weight: number | undefined) =>
  async (options: PreferOptions, terminal: Terminal): Promise<ExitCode> =>
    prefer({ what: 'weight', value: givenOrAnnounced(weight, options) }, options, terminal);

/** Where it is listed, of the domains that the registrar is configured for. */
export const setDomains =
  (domains: readonly string[]) =>
  async (options: PreferOptions, terminal: Terminal): Promise<ExitCode> => {
    const given = givenOrAnnounced(domains.length === 0 ? undefined : domains, options);
    return prefer({ what: 'domains', value: given === null ? null : [...given] }, options, terminal);
  };
