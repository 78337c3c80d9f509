import type { DnsDomainPolicy } from './dns.policy.js';
import type { DnsState, Endpoint } from './dns.state.js';

/** So far behind all others a silent endpoint stands: clients come to it when nobody else answers. */
const DEMOTION = 100;
const PRIORITY_MAX = 65_535;

export interface Listing {
  readonly endpoint: Endpoint;
  readonly priority: number;
  readonly weight: number;
  readonly demoted: boolean;
}

/** How an endpoint is listed; undefined when it is not. After an orderly stop it is listed as before: mostly it comes back. */
export const listingOf = (endpoint: Endpoint): Listing | undefined => {
  const { facts, configured, standing } = endpoint;
  if (standing.status === 'withdrawn') return undefined;
  const demoted = standing.status === 'silent' && standing.cause === 'unheard';
  const priority = configured.priority ?? facts.priority;
  return { endpoint, priority: demoted ? Math.min(priority + DEMOTION, PRIORITY_MAX) : priority, weight: configured.weight ?? facts.weight, demoted };
};

/** Whether an endpoint is meant for a domain: by an administrator's word, else by its own, else for all of them. */
export const servesDomain = ({ facts, configured }: Endpoint, domain: string): boolean => (configured.domains ?? facts.domains)?.includes(domain) ?? true;

const inOrder = (one: Listing, other: Listing): number =>
  Number(one.demoted) - Number(other.demoted) || one.priority - other.priority || (one.endpoint.facts.endpoint < other.endpoint.facts.endpoint ? -1 : 1);

/** Who is listed in a domain, the ones that come first when a name is full first: those that are heard, by priority. */
export const listedIn = (state: DnsState, { domain }: Pick<DnsDomainPolicy, 'domain'>): readonly Listing[] =>
  [...state.endpoints.values()]
    .filter((endpoint) => servesDomain(endpoint, domain))
    .flatMap((endpoint) => listingOf(endpoint) ?? [])
    .sort(inOrder);
