import type { DnsFinding } from '@muster/contracts';
import { formatEndpointText, serviceNameOf, siteServiceNameOf } from '@muster/contracts';
import { toInstant } from '@muster/kernel';
import type { DnsDomainPolicy } from './dns.policy.js';
import type { WantedDomain } from './dns.plan.js';
import type { PlainRecord } from './dns.records.js';
import type { DnsState } from './dns.state.js';
import { withinRoom } from './limit.rule.js';
import type { Listing } from './listing.rule.js';
import { listedIn } from './listing.rule.js';
import { servingSite } from './site-coverage.rule.js';

export interface WantedContext {
  readonly state: DnsState;
  readonly policy: DnsDomainPolicy;
  /** Whether the host is activated and not retired. */
  readonly serving: boolean;
}

const recordsAt = (name: string, { endpoint: { facts }, priority, weight }: Listing, { ttlSeconds }: DnsDomainPolicy): readonly PlainRecord[] => [
  { name, ttlSeconds, data: { type: 'SRV', priority, weight, port: facts.port, target: facts.target } },
  { name, ttlSeconds, data: { type: 'TXT', strings: formatEndpointText(facts) } },
];

const listingsByName = (listed: readonly Listing[], { label, domain, sites }: DnsDomainPolicy): ReadonlyMap<string, readonly Listing[]> => {
  const membersOf = (site: string): readonly Listing[] => listed.filter(({ endpoint }) => endpoint.facts.sites.includes(site));
  const bySite = sites.map((site) => [siteServiceNameOf(label, site.name, domain), servingSite(site, membersOf)] as const);
  return new Map([[serviceNameOf(label, domain), listed] as const, ...bySite].filter(([, listings]) => listings.length > 0));
};

const unknownSites = (listed: readonly Listing[], { domain, sites }: DnsDomainPolicy): readonly DnsFinding[] => {
  const known = new Set(sites.map(({ name }) => name));
  return listed.flatMap(({ endpoint: { facts } }) =>
    facts.sites
      .filter((site) => !known.has(site))
      .map((site) => ({
        id: 'dns-site-unknown',
        severity: 'warning' as const,
        detail: `${facts.endpoint} stands in the site ${site}, which ${domain} does not have: it is not listed there.`,
        remedy: 'Add the site to the registrar (MUSTER_DNS_SITES), or correct what the gateway announces (MUSTER_ADVERTISE_SITES).',
      })),
  );
};

/** Silence took all the others away, and never takes the last. */
const keptLast = (byName: ReadonlyMap<string, readonly Listing[]>): readonly DnsFinding[] =>
  [...byName].flatMap(([name, [only, ...others]]) => {
    const standing = only?.endpoint.standing;
    if (only === undefined || others.length > 0 || !only.demoted || standing?.status !== 'silent') return [];
    return {
      id: 'dns-last-endpoint-silent',
      severity: 'warning' as const,
      detail: `${only.endpoint.facts.endpoint} is the last one listed at ${name}, and silent since ${toInstant(standing.sinceMs)}: it stays listed.`,
      remedy: 'Start the gateway again, or withdraw the endpoint (muster dns withdraw).',
    };
  });

/** What is to stand in a domain by the ledger alone. */
export const wantedIn = ({ state, policy, serving }: WantedContext): WantedDomain => {
  const listed = serving ? listedIn(state, policy) : [];
  const byName = listingsByName(listed, policy);
  const standingAt = (listing: Listing): readonly PlainRecord[] => [...byName].flatMap(([name, listings]) => (listings.includes(listing) ? recordsAt(name, listing, policy) : []));
  return {
    domain: policy.domain,
    serving,
    byEndpoint: withinRoom(new Map(listed.map((listing) => [listing.endpoint.facts.endpoint, standingAt(listing)])), () => policy.recordsMax),
    demand: new Map([...byName].map(([name, listings]) => [name, listings.length])),
    findings: [...unknownSites(listed, policy), ...keptLast(byName)],
  };
};
