import type { DomainEvent, EndpointFacts } from '@muster/contracts';
import type { DnsDomainPolicy, DnsTiming } from './dns.policy.js';
import type { DnsState } from './endpoints.fold.js';

/** What a registrar heard of an endpoint, on its own monotonic clock. */
export interface Hearing {
  readonly lastHeardMs: number;
  /** Of the instance that appeared last: two behind one address that differ must not take turns in the ledger. */
  readonly facts: EndpointFacts;
  readonly instances: ReadonlyMap<string, { readonly heardMs: number; readonly stopping: boolean }>;
}

export interface StandingsContext {
  readonly state: DnsState;
  readonly heard: ReadonlyMap<string, Hearing>;
  /** Since when this registrar hears everything: its start, or the moment that it came back to the bus. */
  readonly startedMs: number;
  readonly monotonicMs: number;
  readonly nowMs: number;
  readonly timing: DnsTiming;
  readonly domains: readonly DnsDomainPolicy[];
  readonly serving: boolean;
}

/** What the beats, and their absence, are to change in the ledger. Empty while the host serves nobody: nothing is listed then. */
export const decideStandings = (_context: StandingsContext): readonly DomainEvent[] => [];
