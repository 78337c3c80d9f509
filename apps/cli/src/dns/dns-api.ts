import type { DnsApplicationOrder, DnsApplied, DnsDescription, DnsEndpointOrder, DnsOrdered, DnsPlan, DnsPreferenceOrder, DnsRecords, DnsScavenged, DnsTakenOver } from '@muster/contracts';
import { dnsAppliedSchema, dnsDescriptionSchema, dnsOrderedSchema, dnsPlanSchema, dnsRecordsSchema, dnsScavengedSchema, dnsTakenOverSchema } from '@muster/contracts';
import { type CalledAs, callerOf } from '../api/caller.js';

/** Answered from what the registrar knows, or recorded, within the gateway's own 3 s. */
const KNOWN_TIMEOUT_MS = 10_000;
/** The registrar asks DNS servers, and changes them, for up to a minute; the gateway's own answer to that has to arrive. */
const ASKING_TIMEOUT_MS = 65_000;

/** None: all that are configured. */
type Domains = readonly string[] | undefined;

export interface TakeOverOrder {
  readonly endpoint?: string;
  readonly domain: string;
}

/** What an administrator asks of DNS, and orders. Every call rejects with `CliFailure`. */
export interface DnsApi {
  describe(): Promise<DnsDescription>;
  /** What is to stand in DNS. */
  records(domains: Domains): Promise<DnsRecords>;
  /** Asks DNS now. */
  plan(domains: Domains): Promise<DnsPlan>;
  apply(order: DnsApplicationOrder): Promise<DnsApplied>;
  publish(order: DnsEndpointOrder): Promise<DnsOrdered>;
  withdraw(order: DnsEndpointOrder): Promise<DnsOrdered>;
  prefer(order: DnsPreferenceOrder): Promise<DnsOrdered>;
  takeOver(order: TakeOverOrder): Promise<DnsTakenOver>;
  scavenge(order: { readonly dryRun: boolean }): Promise<DnsScavenged>;
}

const pathOf = (path: string, domains: Domains = []): string => (domains.length === 0 ? path : `${path}?${new URLSearchParams(domains.map((domain): [string, string] => ['domain', domain])).toString()}`);

const bodyOf = (method: 'POST' | 'PUT', order: object) => ({ method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(order) });

export const dnsApi = (access: CalledAs): DnsApi => {
  const { json } = callerOf(access);
  return {
    describe: () => json({ path: '/v1/dns', schema: dnsDescriptionSchema, timeoutMs: KNOWN_TIMEOUT_MS }),
    records: (domains) => json({ path: pathOf('/v1/dns/records', domains), schema: dnsRecordsSchema, timeoutMs: KNOWN_TIMEOUT_MS }),
    plan: (domains) => json({ path: pathOf('/v1/dns/plan', domains), schema: dnsPlanSchema, timeoutMs: ASKING_TIMEOUT_MS }),
    apply: (order) => json({ path: '/v1/dns/applications', schema: dnsAppliedSchema, timeoutMs: ASKING_TIMEOUT_MS, request: bodyOf('POST', order) }),
    publish: (order) => json({ path: '/v1/dns/publications', schema: dnsOrderedSchema, timeoutMs: KNOWN_TIMEOUT_MS, request: bodyOf('POST', order) }),
    withdraw: (order) => json({ path: '/v1/dns/withdrawals', schema: dnsOrderedSchema, timeoutMs: KNOWN_TIMEOUT_MS, request: bodyOf('POST', order) }),
    prefer: (order) => json({ path: '/v1/dns/preferences', schema: dnsOrderedSchema, timeoutMs: KNOWN_TIMEOUT_MS, request: bodyOf('PUT', order) }),
    takeOver: (order) => json({ path: '/v1/dns/take-overs', schema: dnsTakenOverSchema, timeoutMs: KNOWN_TIMEOUT_MS, request: bodyOf('POST', order) }),
    scavenge: (order) => json({ path: '/v1/dns/scavenges', schema: dnsScavengedSchema, timeoutMs: ASKING_TIMEOUT_MS, request: bodyOf('POST', order) }),
  };
};
