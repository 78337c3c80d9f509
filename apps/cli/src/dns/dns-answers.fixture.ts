import type { DnsApplied, DnsConflict, DnsDescription, DnsPlan, DnsScavenged } from '@muster/contracts';
import { dnsAppliedSchema, dnsDescriptionSchema, dnsPlanSchema, dnsScavengedSchema } from '@muster/contracts';

const AT = '2026-11-22T20:00:00.000Z';
const RETRY_AT = '2026-11-22T20:05:00.000Z';
export const OWNER = 'b'.repeat(32);
const GENERAL = '_muster._tcp.corp.example';

type Endpoint = DnsDescription['endpoints'][number];
type Domain = DnsDescription['domains'][number];
type Planned = DnsPlan['domains'][number];
type Applied = DnsApplied['domains'][number];
type Orphan = DnsScavenged['orphans'][number];

export const anEndpoint = (overrides: Partial<Endpoint> = {}): Endpoint => ({
  endpoint: 'a.corp.example:443',
  target: 'a.corp.example',
  port: 443,
  scheme: 'https',
  sites: ['berlin'],
  domains: null,
  priority: 0,
  weight: 10,
  standing: 'heard',
  cause: null,
  since: AT,
  lastHeardAt: AT,
  published: [{ domain: 'corp.example', name: GENERAL, priority: 0, weight: 10, epoch: 7, at: AT }],
  ...overrides,
});

export const anotherEndpoint = (overrides: Partial<Endpoint> = {}): Endpoint => anEndpoint({ endpoint: 'b.corp.example:8443', target: 'b.corp.example', port: 8443, sites: [], published: [], ...overrides });

export const aConflict: DnsConflict = { endpoint: 'a.corp.example:443', owner: OWNER, found: '0 10 443 a.corp.example.', since: AT };

const UP = { server: '192.0.2.53:53', standing: 'up', lastSuccessAt: AT, clockAheadSeconds: 0, failure: null, retryAt: null } as const;
const FAILING = { server: '[2001:db8::53]:53', standing: 'failing', lastSuccessAt: null, clockAheadSeconds: null, failure: { kind: 'bad-key', detail: 'the server does not know the key', server: '[2001:db8::53]:53', at: AT }, retryAt: RETRY_AT } as const;

export const aDomain = (overrides: Partial<Domain> = {}): Domain => ({ domain: 'corp.example', zone: 'corp.example', ttlSeconds: 300, sites: ['berlin'], servers: [UP], key: 'registrar', failure: null, reconciledAt: AT, conflicts: [], ...overrides });

export const aFailingDomain = (): Domain => aDomain({ servers: [UP, FAILING] });

export const aDescription = (overrides: Partial<DnsDescription> = {}): DnsDescription =>
  dnsDescriptionSchema.parse({ position: 9, deployment: 'a'.repeat(32), serving: true, label: '_muster._tcp', endpoints: [anEndpoint()], domains: [aDomain()], ...overrides });

const srv = (weight: number) => ({ name: GENERAL, type: 'SRV', ttlSeconds: 300, data: `0 ${weight} 443 a.corp.example.` }) as const;

export const anUpdate: Planned['changes'][number] = { endpoint: 'a.corp.example:443', action: 'update', add: [srv(20)], remove: [srv(10)], epoch: 8 };

export const aPlanned = (overrides: Partial<Planned> = {}): Planned => ({ domain: 'corp.example', zone: 'corp.example', server: '192.0.2.53:53', changes: [], differences: [], conflicts: [], findings: [], refused: null, failure: null, ...overrides });

export const aPlan = (...domains: readonly Planned[]): DnsPlan => dnsPlanSchema.parse({ position: 9, domains });

export const aFailure = { kind: 'refused', detail: 'the policy of the zone does not let this key do it', server: '192.0.2.53:53', at: AT };

export const anApplied = (...domains: readonly Partial<Applied>[]): DnsApplied => dnsAppliedSchema.parse({ position: 9, domains: domains.map((domain) => ({ domain: 'corp.example', changes: [], conflicts: [], refused: null, failure: null, ...domain })) });

export const done: Applied['changes'][number] = { endpoint: 'a.corp.example:443', action: 'update', outcome: 'done', server: '192.0.2.53:53', rcode: 'NOERROR', serial: 12, detail: null };

export const missing = { kind: 'missing', name: GENERAL, endpoint: 'a.corp.example:443', wanted: '300 SRV 0 10 443 a.corp.example.', found: null } as const;
export const foreign = { kind: 'foreign', name: GENERAL, endpoint: null, wanted: null, found: '300 SRV 0 10 443 rogue.corp.example.' } as const;

export const anOrphan = (overrides: Partial<Orphan> = {}): Orphan => ({ domain: 'corp.example', endpoint: 'old.corp.example:443', records: [srv(10)], renewedAt: AT, dueAt: RETRY_AT, outcome: 'waits', detail: null, ...overrides });

export const aScavenge = (orphans: readonly Orphan[], failures: DnsScavenged['failures'] = []): DnsScavenged => dnsScavengedSchema.parse({ position: 9, orphans, failures });
