import { readFileSync } from 'node:fs';
import { hostname as systemHostname } from 'node:os';
import { dnsSite, SERVICE_LABEL_DEFAULT, serviceLabel } from '@muster/contracts';
import { systemDraws, type Draws } from '@muster/kernel';
import { domainsToSearch, namesToSearch, ownDomains } from '../core/discovery/domains.js';
import type { Discovery } from '../shell/ports.js';
import type { Trace } from './discovery-steps.js';
import type { LookupTiming } from './dns-lookups.js';
import { checkServers, dnsLookups } from './dns-lookups.js';
import { dnsSearch } from './dns-search.js';
import type { LookedUp, LookUpOptions } from './look-up-hosts.js';
import { lookUpHosts } from './look-up-hosts.js';

/** A question is lost now and then, a server seldom; and nobody waits for longer than people do. */
export const lookupTiming: LookupTiming = { queryTimeoutMs: 1500, tries: 2, deadlineMs: 20_000 };

export interface DnsDiscoveryOptions {
  /** Where to look, such as `corp.example`; the domains of the machine itself when left out. */
  readonly domains?: readonly string[];
  /** The site that the machine stands in: its hosts are asked before the others. */
  readonly site?: string | undefined;
  /** Also in the domains above those, down to two labels. */
  readonly searchParents?: boolean | undefined;
  /** `_muster._tcp` when left out. */
  readonly label?: string | undefined;
  /** DNS servers, each `ip`, `ip:port` or `[ip]:port`; the system's when left out. */
  readonly resolvers?: readonly string[] | undefined;
  /** Takes plain http from DNS also for other machines than this one. Whoever forges an answer could then turn TLS off. */
  readonly allowHttp?: boolean | undefined;
  readonly timing?: Partial<LookupTiming>;
  readonly draws?: Pick<Draws, 'unit'>;
  /** Told of each step. */
  readonly trace?: Trace;
}

export interface DnsDiscovery extends Required<Omit<Discovery, 'search'>> {
  search(...options: Parameters<NonNullable<Discovery['search']>>): NonNullable<ReturnType<NonNullable<Discovery['search']>>>;
  /** Where it looks now, in this order. */
  names(): readonly string[];
  /** Looks now, whatever is remembered, and says what DNS says. */
  lookUp(options: Pick<LookUpOptions, 'remembered' | 'draws' | 'leftAlone'>): Promise<LookedUp>;
}

const siteIn = (text: string): string => {
  const site = dnsSite.safeParse(text.toLowerCase());
  if (!site.success) throw new Error(`${JSON.stringify(text)} is not the name of a site: one label, such as berlin`);
  return site.data;
};

const labelIn = (text: string): string => {
  const label = serviceLabel.safeParse(text.toLowerCase());
  if (!label.success) throw new Error(`${JSON.stringify(text)} is not the label of a service, such as ${SERVICE_LABEL_DEFAULT}`);
  return label.data;
};

const readResolvConf = (): string => {
  try {
    return readFileSync('/etc/resolv.conf', 'utf8');
  } catch {
    return ''; // not on every system
  }
};

/**
 * Finds hosts by DNS: SRV records, of the machine's site first, in the order of RFC 2782 (weights of 10 and more: 0 means seldom, not never). Each host proves
 * itself before it is sent anything; DNS alone is not believed.
 *
 * @throws Error when a domain, the site, the label or a resolver is not what it should be
 */
export const dnsDiscovery = (options: DnsDiscoveryOptions = {}): DnsDiscovery => {
  const { domains: given, searchParents = false, resolvers, allowHttp = false, trace = () => undefined } = options;
  const site = options.site === undefined ? undefined : siteIn(options.site);
  const label = labelIn(options.label ?? SERVICE_LABEL_DEFAULT);
  const servers = resolvers === undefined ? undefined : checkServers(resolvers);
  const timing = { ...lookupTiming, ...options.timing };
  const givenDomains = given === undefined ? undefined : domainsToSearch(given, { searchParents });
  const addresses = new Map<string, readonly string[]>();

  // The machine's own are looked for each time: it may have moved to another network.
  const domainsNow = (): readonly string[] => givenDomains ?? domainsToSearch(ownDomains({ hostname: systemHostname(), resolvConf: readResolvConf() }), { searchParents });
  const names = (): readonly string[] => namesToSearch({ domains: domainsNow(), site, label });

  const lookUp: DnsDiscovery['lookUp'] = async ({ remembered, draws, ...looking }) => {
    trace({ type: 'domains', from: givenDomains === undefined ? 'machine' : 'given', domains: domainsNow(), site: site ?? null });
    const lookups = dnsLookups(timing, servers);
    try {
      const found = await lookUpHosts(lookups, { ...looking, names: names(), allowHttp, remembered, draws: options.draws ?? draws, trace });
      if (found.type === 'listed') {
        for (const { target, addresses: known } of found.hosts) addresses.set(target, known);
        trace({ type: 'order', hosts: found.hosts });
      }
      return found;
    } finally {
      lookups.end();
    }
  };
  return {
    names,
    lookUp,
    hosts: async () => {
      const found = await lookUp({ remembered: null, draws: systemDraws });
      return found.type === 'listed' ? found.hosts.map(({ host }) => host) : [];
    },
    addressesOf: (hostname) => addresses.get(hostname),
    search: (searching) => dnsSearch({ ...searching, lookUp, names, allowHttp, trace, goTo: ({ target, addresses: known }) => void addresses.set(target, known) }),
  };
};
