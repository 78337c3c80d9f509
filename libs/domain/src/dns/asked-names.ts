import { claimNameOf } from '@muster/contracts';
import type { DnsDomainPolicy } from './dns.policy.js';
import type { PlainRecord } from './dns.records.js';
import type { DnsState } from './dns.state.js';
import { addressOf, labelOf, plainName, policyNames } from './names.js';

/** The names at which records of ours stand or are to stand: SRV and TXT are asked at each. */
export const namesToAsk = ({ state, policy }: { readonly state: DnsState; readonly policy: DnsDomainPolicy }): readonly string[] => {
  // A site or a label that is not configured any more leaves records behind.
  const left = [...state.published.values()].filter(({ domain }) => domain === policy.domain).map(({ name }) => name);
  const lost = [...state.conflicts.values()].filter(({ domain }) => domain === policy.domain).flatMap(({ names }) => names);
  return [...new Set([...policyNames(policy), ...left, ...lost])];
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
