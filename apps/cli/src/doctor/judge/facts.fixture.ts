import type { DnsDescription, DnsPlan } from '@muster/contracts';
import type { ShownProduct } from '../../machine/shown-machine.js';
import type { DomainFacts, HostFacts, MachineFacts, NameFacts, RegistrarFacts, ServiceRecord, TargetFacts } from '../facts.js';
import type { PublishedEndpoint } from './judge-targets.js';

export const NOW_MS = Date.parse('2026-11-22T12:00:00.000Z');
export const DAY_MS = 86_400_000;
const AT = '2026-11-22T11:00:00.000Z';

const aRecord = (target: string): ServiceRecord => ({ priority: 0, weight: 10, port: 443, target, ttlSeconds: 300 });

export const aName = (overrides: Partial<NameFacts> = {}): NameFacts => ({
  name: '_muster._tcp.corp.test',
  site: null,
  outcome: 'found',
  detail: '',
  records: [aRecord('host-1.corp.test')],
  schemes: new Map([['host-1.corp.test:443', 'https']]),
  authoritative: true,
  ...overrides,
});

/** So many hosts, all with their schemes. */
export const manyRecords = (count: number): Pick<NameFacts, 'records' | 'schemes'> => {
  const targets = Array.from({ length: count }, (_, index) => `host-${index}.corp.test`);
  return { records: targets.map(aRecord), schemes: new Map(targets.map((target) => [`${target}:443`, 'https' as const])) };
};

export const withTtl = (ttlSeconds: number): Pick<NameFacts, 'records'> => ({ records: [{ ...aRecord('host-1.corp.test'), ttlSeconds }] });

export const aDomain = (name: Partial<NameFacts> = {}, overrides: Partial<DomainFacts> = {}): DomainFacts => ({ domain: 'corp.test', guessed: false, negativeTtlSeconds: null, names: [aName(name)], ...overrides });

export const aTarget = (overrides: Partial<TargetFacts> = {}): TargetFacts => ({ target: 'host-1.corp.test', outcome: 'addresses', detail: '', alias: null, addresses: ['192.0.2.1'], ...overrides });

export const published = (overrides: Partial<PublishedEndpoint> = {}, allowHttp = false): { readonly published: readonly PublishedEndpoint[]; readonly allowHttp: boolean } => ({
  published: [{ target: 'host-1.corp.test', port: 443, scheme: 'https', ...overrides }],
  allowHttp,
});

export const aHost = (overrides: Partial<HostFacts> = {}): HostFacts => ({
  address: 'https://host-1.corp.test:443',
  connection: { outcome: 'answers', detail: '' },
  certificate: aCertificate(),
  proof: { kind: 'proved', host: 'the-host', offsetMs: 400 },
  readiness: { ready: true, remarks: [], down: [] },
  ...overrides,
});

export const aCertificate = (overrides: Partial<NonNullable<HostFacts['certificate']>> = {}): NonNullable<HostFacts['certificate']> => ({
  validFromMs: NOW_MS - DAY_MS,
  validToMs: NOW_MS + 90 * DAY_MS,
  names: 'DNS:host-1.corp.test',
  namesHost: true,
  untrusted: null,
  ...overrides,
});

export const aServer: DnsDescription['domains'][number]['servers'][number] = { server: '192.0.2.53:53', standing: 'up', lastSuccessAt: AT, clockAheadSeconds: 0, failure: null, retryAt: null };

const aDescribedDomain: DnsDescription['domains'][number] = {
  ...{ domain: 'corp.test', zone: 'corp.test', ttlSeconds: 300, sites: [], key: 'registrar', failure: null, reconciledAt: AT, conflicts: [] },
  servers: [aServer],
};

const anEndpoint: DnsDescription['endpoints'][number] = {
  ...{ endpoint: 'host-1.corp.test:443', target: 'host-1.corp.test', port: 443, scheme: 'https', sites: [], domains: null, priority: 0, weight: 10 },
  ...{ standing: 'heard', cause: null, since: AT, lastHeardAt: AT, published: [] },
};

const aPlannedDomain: DnsPlan['domains'][number] = { domain: 'corp.test', zone: 'corp.test', server: '192.0.2.53:53', changes: [], differences: [], conflicts: [], findings: [], refused: null, failure: null };

interface RegistrarParts {
  readonly serving?: boolean;
  readonly domain?: Partial<typeof aDescribedDomain>;
  readonly endpoint?: Partial<typeof anEndpoint>;
  readonly planned?: Partial<typeof aPlannedDomain> | null;
}

export const aRegistrar = ({ serving = true, domain, endpoint, planned = {} }: RegistrarParts = {}): RegistrarFacts => ({
  detail: '',
  description: { position: 9, deployment: '0'.repeat(32), serving, label: '_muster._tcp', endpoints: [{ ...anEndpoint, ...endpoint }], domains: [{ ...aDescribedDomain, ...domain }] },
  plan: planned === null ? null : { position: 9, domains: [{ ...aPlannedDomain, ...planned }] },
});

export const failing = (kind: string): Pick<typeof aDescribedDomain, 'servers'> => ({
  servers: [{ server: '192.0.2.53:53', standing: 'failing', lastSuccessAt: null, clockAheadSeconds: null, failure: { kind, detail: 'it says no', server: '192.0.2.53:53', at: AT }, retryAt: null }],
});

export const aConflict: DnsPlan['domains'][number]['conflicts'][number] = { endpoint: 'host-1.corp.test:443', owner: '1'.repeat(32), found: '0 10 443 host-1.corp.test.', since: AT };

export const differing = (kind: DnsPlan['domains'][number]['differences'][number]['kind']): Pick<typeof aPlannedDomain, 'differences'> => ({
  differences: [{ kind, name: '_muster._tcp.corp.test', endpoint: null, wanted: null, found: '0 10 443 other.corp.test.' }],
});

const aProduct = (overrides: Partial<ShownProduct>, detail: Partial<ShownProduct['detail']>): ShownProduct => ({
  ...{ product: 'acme.workstation', status: 'licensed', reason: 'lease-good', whatToDo: 'Nothing.', expiresAt: '2027-05-21T12:00:00.000Z', remainingSeconds: 15_552_000, method: 'volume', permanent: false, key: null },
  ...overrides,
  detail: {
    ...{ leaseId: 'l', issuedBy: 'h', issuedAt: AT, renewAfterSeconds: 604_800, retryAfterSeconds: 7200, drawnFor: null, nextContact: AT, lastContact: null, lastInstallation: null },
    ...{ failing: null, pendingRequestId: null, rememberedHost: null, clockSetBackSeconds: 0 },
    ...detail,
  },
});

export const aMachine = (product: Partial<ShownProduct> = {}, detail: Partial<ShownProduct['detail']> = {}): MachineFacts => ({ dir: '/srv/machine', products: [aProduct(product, detail)], quarantined: [] });
