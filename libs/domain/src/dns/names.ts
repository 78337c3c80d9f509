import { claimNameOf, endpointId, endpointIdOf, parseEndpointText, serviceNameOf, siteServiceNameOf } from '@muster/contracts';
import type { DnsDomainPolicy } from './dns.policy.js';
import type { PlainRecord } from './dns.records.js';
import type { DnsState } from './endpoints.fold.js';

const LABEL = /^(_[^.]+\._tcp)(\.|$)/;

/** A name in the spelling that all of ours have: DNS does not tell `A.Example.` from `a.example`. */
export const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** The service's label in the name of one of its SRV records; undefined when the name is none in this domain. */
export const labelOf = (name: string, domain: string): string | undefined => (name.endsWith(`.${domain}`) ? LABEL.exec(name.slice(0, -domain.length - 1))?.[1] : undefined);

/** Every name at which the policy wants records, some of them perhaps none. */
export const policyNames = ({ label, domain, sites }: Pick<DnsDomainPolicy, 'label' | 'domain' | 'sites'>): readonly string[] => [
  serviceNameOf(label, domain),
  ...sites.map(({ name }) => siteServiceNameOf(label, name, domain)),
];

/** The names at which records of ours stand or are to stand: SRV and TXT are asked at each. */
export const namesToAsk = ({ state, policy }: { readonly state: DnsState; readonly policy: DnsDomainPolicy }): readonly string[] => {
  // A site or a label that is not configured any more leaves records behind.
  const left = [...state.published.values()].filter(({ domain }) => domain === policy.domain).map(({ name }) => name);
  const lost = [...state.conflicts.values()].filter(({ domain }) => domain === policy.domain).flatMap(({ names }) => names);
  return [...new Set([...policyNames(policy), ...left, ...lost])];
};

export interface EndpointAddress {
  readonly target: string;
  readonly port: number;
}

/** Where a record leads: an SRV record, or the text beside one. Undefined for anything else. */
export const addressOf = ({ data }: PlainRecord): EndpointAddress | undefined => {
  const address = data.type === 'SRV' ? { target: plainName(data.target), port: data.port } : parseEndpointText(data.strings);
  return address !== undefined && endpointId.safeParse(endpointIdOf(address)).success ? { target: address.target, port: address.port } : undefined;
};

interface ClaimsAsked {
  readonly state: DnsState;
  readonly policy: DnsDomainPolicy;
  readonly records: readonly PlainRecord[];
}

/** The names of all claims that a plan may need: of endpoints that may be listed, of those whose records were found, and of those that were published before. */
export const claimsToAsk = ({ state, policy: { domain, label }, records }: ClaimsAsked): readonly string[] => {
  const listed = [...state.endpoints.values()].filter(({ standing }) => standing.status !== 'withdrawn').map(({ facts }) => claimNameOf(label, facts, domain));
  const found = records.flatMap((record) => {
    const address = addressOf(record);
    const itsLabel = labelOf(plainName(record.name), domain);
    return address === undefined || itsLabel === undefined ? [] : [claimNameOf(itsLabel, address, domain)];
  });
  const left = [...state.claims].filter(([, claim]) => claim.domain === domain).map(([name]) => name);
  return [...new Set([...listed, ...found, ...left])];
};
