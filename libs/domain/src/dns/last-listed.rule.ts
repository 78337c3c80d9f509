import type { DnsDomainPolicy } from './dns.policy.js';
import type { DnsState } from './dns.state.js';
import { wantedIn } from './wanted.js';

interface LastListedContext {
  readonly state: DnsState;
  readonly domains: readonly DnsDomainPolicy[];
}

/** Whether a name that has an endpoint now would have none without this one. */
export const isLastSomewhere = (endpoint: string, { state, domains }: LastListedContext): boolean => {
  const endpoints = new Map(state.endpoints);
  endpoints.delete(endpoint);
  return domains.some((policy) => {
    const without = wantedIn({ state: { ...state, endpoints }, policy, serving: true }).demand;
    return [...wantedIn({ state, policy, serving: true }).demand.keys()].some((name) => !without.has(name));
  });
};
