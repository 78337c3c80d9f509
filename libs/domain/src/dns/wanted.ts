import type { DnsDomainPolicy } from './dns.policy.js';
import type { WantedDomain } from './dns.plan.js';
import type { DnsState } from './endpoints.fold.js';

export interface WantedContext {
  readonly state: DnsState;
  readonly policy: DnsDomainPolicy;
  /** Whether the host is activated and not retired. */
  readonly serving: boolean;
}

/** What is to stand in a domain by the ledger alone. */
export const wantedIn = ({ policy: { domain }, serving }: WantedContext): WantedDomain => ({ domain, serving, byEndpoint: new Map(), demand: new Map(), findings: [] });
