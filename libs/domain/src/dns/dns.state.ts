import type { EndpointFacts, EndpointScheme, EventOf, SilenceCause } from '@muster/contracts';

export interface HeardStanding {
  readonly status: 'heard';
  readonly sinceMs: number;
  /** An administrator's word made it so, and no beat. */
  readonly byOrder?: boolean;
}

export type EndpointStanding =
  | HeardStanding
  | { readonly status: 'silent'; readonly cause: SilenceCause; readonly sinceMs: number }
  | { readonly status: 'withdrawn'; readonly cause: SilenceCause | 'command'; readonly sinceMs: number };

/** An administrator's word; null: as announced. */
export type EndpointPreference = Readonly<Pick<EventOf<'EndpointConfigured'>['data'], 'priority' | 'weight' | 'domains'>>;

export interface Endpoint {
  readonly facts: EndpointFacts;
  readonly configured: EndpointPreference;
  readonly standing: EndpointStanding;
}

/** An SRV record of ours, as the last query that mattered showed it. */
export interface PublishedRecord {
  readonly endpoint: string;
  readonly domain: string;
  readonly name: string;
  readonly priority: number;
  readonly weight: number;
  readonly ttlSeconds: number;
  readonly scheme: EndpointScheme;
  readonly epoch: number;
  readonly atMs: number;
}

export interface KnownConflict {
  readonly endpoint: string;
  readonly domain: string;
  readonly owner: string | null;
  readonly found: string;
  readonly sinceMs: number;
  /** Where we had published it: still asked, whatever names are configured. */
  readonly names: readonly string[];
}

/** Where a claim of ours was written, and may still stand. */
export interface LeftClaim {
  readonly endpoint: string;
  readonly domain: string;
}

/** Endpoints and what is known of their records in DNS. Changed in place. */
export interface DnsState {
  /** By id, in the order of their first announcement. */
  readonly endpoints: Map<string, Endpoint>;
  /** By {@link publishedKey}. */
  readonly published: Map<string, PublishedRecord>;
  /** By {@link standKey}: not published there since. */
  readonly conflicts: Map<string, KnownConflict>;
  /** By {@link standKey}: whose claim may be replaced there. */
  readonly takeOvers: Map<string, { readonly owner: string | null }>;
  /** By the claim's name. As many as endpoints were ever published: they are asked for until somebody scavenged them, and cost a query then. */
  readonly claims: Map<string, LeftClaim>;
}

export const emptyDns = (): DnsState => ({ endpoints: new Map(), published: new Map(), conflicts: new Map(), takeOvers: new Map(), claims: new Map() });

export const publishedKey = ({ name, endpoint }: { readonly name: string; readonly endpoint: string }): string => `${name} ${endpoint}`;

export const standKey = ({ domain, endpoint }: { readonly domain: string; readonly endpoint: string }): string => `${domain} ${endpoint}`;
