import type { DnsDescription } from '@muster/contracts';
import { dnsApi } from '../../dns/dns-api.js';
import type { CalledAs } from '../../api/caller.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { counted } from '../../terminal/words.js';

/** More stand in `muster dns status`. */
const ENDPOINTS_SHOWN = 3;

const shown = (endpoints: readonly string[]): string => {
  const rest = endpoints.length - ENDPOINTS_SHOWN;
  return [...endpoints.slice(0, ENDPOINTS_SHOWN), ...(rest > 0 ? [counted(rest, 'other')] : [])].join(', ');
};

/** What clients find that know no more than a domain; nothing where no domain is configured. */
export const dnsLines = ({ domains, endpoints, serving }: Pick<DnsDescription, 'domains' | 'endpoints' | 'serving'>): readonly string[] =>
  domains.map(({ domain, servers }) => {
    const here = endpoints.filter(({ published }) => published.some((one) => one.domain === domain)).map(({ endpoint }) => endpoint);
    if (here.length > 0) return `clients that are told ${domain} find ${shown(here)}`;
    if (servers.length === 0) return `${domain} takes no updates: \`muster dns records\` prints what to enter`;
    return serving ? `nothing stands in ${domain} yet: \`muster dns status\` shows why` : `nothing stands in ${domain} before the host is activated`;
  });

/** The same of a host that has just come up. A registrar that does not answer yet keeps nobody from starting a host. */
export const askDnsLines = async (access: CalledAs): Promise<readonly string[]> => {
  try {
    return dnsLines(await dnsApi(access).describe());
  } catch (error) {
    if (error instanceof CliFailure) return [];
    throw error;
  }
};
