import type { DomainEvent, EndpointFacts, EventOf } from '@muster/contracts';
import { endpointIdOf } from '@muster/contracts';
import { claimsToAsk, namesToAsk } from './asked-names.js';
import type { DnsDomainPolicy, DnsTiming } from './dns.policy.js';
import type { DomainPlan } from './dns.plan.js';
import type { LiveDomain, PlainRecord } from './dns.records.js';
import type { DnsState } from './dns.state.js';
import { emptyDns } from './dns.state.js';
import { applyDnsEvent } from './endpoints.fold.js';
import type { PlanContext } from './plan-domain.js';
import { planDomain } from './plan-domain.js';
import { wantedIn } from './wanted.js';

export const START_MS = Date.UTC(2026, 0, 1);
export const DAY_MS = 86_400_000;
export const DOMAIN = 'corp.example';
export const OURS = '11'.repeat(16);
export const THEIRS = '22'.repeat(16);
export const GENERAL = '_muster._tcp.corp.example';
export const BERLIN = '_muster._tcp.berlin._sites.corp.example';
export const MUNICH = '_muster._tcp.munich._sites.corp.example';

export const timing: DnsTiming = { silentAfterSeconds: 30, stoppedGraceSeconds: 600, withdrawAfterSeconds: 86_400, refreshSeconds: 86_400, windowSeconds: 604_800 };

export const policyOf = (more: Partial<DnsDomainPolicy> = {}): DnsDomainPolicy => ({
  domain: DOMAIN,
  zone: DOMAIN,
  label: '_muster._tcp',
  ttlSeconds: 300,
  sites: [],
  recordsWarn: 80,
  recordsMax: 100,
  deleteShareMax: 0.5,
  ...more,
});

/** `a` is a.corp.example:443. */
export const idOf = (host: string): string => endpointIdOf({ target: `${host}.${DOMAIN}`, port: 443 });

export const factsOf = (host: string, more: Partial<EndpointFacts> = {}): EndpointFacts => ({
  endpoint: idOf(host),
  target: `${host}.${DOMAIN}`,
  port: 443,
  scheme: 'https',
  sites: [],
  domains: null,
  priority: 0,
  weight: 10,
  ...more,
});

export const announced = (host: string, more: Partial<EndpointFacts> = {}): EventOf<'EndpointAnnounced'> => ({ type: 'EndpointAnnounced', data: factsOf(host, more) });

export const fellSilent = (host: string, cause: 'stopped' | 'unheard', sinceMs = START_MS): EventOf<'EndpointFellSilent'> => ({
  type: 'EndpointFellSilent',
  data: { endpoint: idOf(host), cause, since: new Date(sinceMs).toISOString() },
});

export const withdrawn = (host: string, cause: 'stopped' | 'unheard' | 'command'): EventOf<'EndpointWithdrawn'> => ({ type: 'EndpointWithdrawn', data: { endpoint: idOf(host), cause } });

/** All of them recorded at one moment. */
export const dnsAfter = (events: readonly DomainEvent[], state: DnsState = emptyDns()): DnsState =>
  events.reduce((before, event, index) => applyDnsEvent(before, { event, position: index + 1, recordedAtMs: START_MS }), state);

export const srv = (host: string, { name = GENERAL, priority = 0, weight = 10, ttlSeconds = 300 } = {}): PlainRecord => ({
  name,
  ttlSeconds,
  data: { type: 'SRV', priority, weight, port: 443, target: `${host}.${DOMAIN}` },
});

export const text = (host: string, { name = GENERAL, scheme = 'https', ttlSeconds = 300 } = {}): PlainRecord => ({
  name,
  ttlSeconds,
  data: { type: 'TXT', strings: [`v=muster1 target=${host}.${DOMAIN} port=443 scheme=${scheme}`] },
});

export const claimAt = (host: string): string => `_443.${host}.corp.example._owner._muster._tcp.corp.example`;

export const claim = ({ deployment = OURS, epoch = 7, at = '2026-01-01T00:00:00Z', state = 'active' } = {}): readonly string[] => [
  `v=muster-claim1 deployment=${deployment} epoch=${epoch} at=${at} state=${state}`,
];

export interface ZoneView {
  readonly recordsAt: (names: readonly string[]) => readonly PlainRecord[];
  readonly claimsAt: (name: string) => readonly (readonly string[])[];
}

/** A zone that nothing changes. */
export const viewOf = (records: readonly PlainRecord[], claims: Readonly<Record<string, readonly (readonly string[])[]>>): ZoneView => ({
  recordsAt: (names) => records.filter(({ name }) => names.includes(name)),
  claimsAt: (name) => claims[name] ?? [],
});

/** Asks the zone as a registrar does. */
export const liveIn = (zone: ZoneView, { state, policy }: Pick<PlanContext, 'state' | 'policy'>): LiveDomain => {
  const records = zone.recordsAt(namesToAsk({ state, policy }));
  return { records, claims: new Map(claimsToAsk({ state, policy, records }).map((name) => [name, zone.claimsAt(name)])) };
};

interface PlanOptions extends Partial<Omit<PlanContext, 'live' | 'wanted'>> {
  readonly state: DnsState;
  readonly serving?: boolean;
}

export const planOn = (zone: ZoneView, { state, serving = true, policy = policyOf(), ...more }: PlanOptions): DomainPlan =>
  planDomain({
    state,
    policy,
    wanted: wantedIn({ state, policy, serving }),
    live: liveIn(zone, { state, policy }),
    deployment: OURS,
    position: 20,
    nowMs: START_MS,
    timing,
    ...more,
  });
