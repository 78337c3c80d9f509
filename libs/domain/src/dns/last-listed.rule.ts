import type { DnsDomainPolicy } from './dns.policy.js';
import type { DnsState } from './dns.state.js';
import { wantedIn } from './wanted.js';

interface LastListedContext {
  readonly state: DnsState;
  readonly domains: readonly DnsDomainPolicy[];
}

/** Whether it is the only one that stands at a name and is to stay: those that are to come may be refused, or in conflict. */
const standsAlone = (endpoint: string, name: string, { published, endpoints }: DnsState): boolean => {
  const there = [...published.values()].filter((record) => record.name === name && endpoints.get(record.endpoint)?.standing.status !== 'withdrawn');
  return there.some((record) => record.endpoint === endpoint) && there.every((record) => record.endpoint === endpoint);
};

/** Whether a name that has an endpoint now would have none without this one, as it is to be or as it stands. */
export const isLastSomewhere = (endpoint: string, { state, domains }: LastListedContext): boolean => {
  const endpoints = new Map(state.endpoints);
  endpoints.delete(endpoint);
  return domains.some((policy) => {
    const without = wantedIn({ state: { ...state, endpoints }, policy, serving: true }).demand;
    return [...wantedIn({ state, policy, serving: true }).demand.keys()].some((name) => !without.has(name) || standsAlone(endpoint, name, state));
  });
};
