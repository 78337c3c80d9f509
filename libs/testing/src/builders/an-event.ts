import { eventCatalogue } from '@muster/contracts';
import type { DomainEvent, EventOf, EventType, HostCertificateClaims } from '@muster/contracts';
import { DAY_SECONDS, HOUR_SECONDS, SECOND_MS, toInstant, toNumericDate } from '@muster/kernel';
import { contentDigestOf, digestOf } from '@muster/trust';
import type { IssuedHostCertificate } from '@muster/trust';
import { TEST_START_MS } from '../fixed-clock.js';
import { aKey } from './a-machine.js';

const LEASE_ID = '00000000-0000-4000-8000-00000000001e';
const EARLIER_LEASE_ID = '00000000-0000-4000-8000-00000000001d';

/** Has the form of a certificate and nobody's signature. Where the signature matters, {@link hostActivated} takes a real one. */
const UNSIGNED_CERTIFICATE = 'e30.e30.AA';

const TOKEN_ID = '00000000-0000-4000-8000-0000000000aa';
const KEY_ID = digestOf('an activation key');
const KEY_ENDING = 'ABCDE';

const otherKey = aKey('host:vendor:other');
const hostKey = aKey('host:vendor:host');

const subject = { machine: aKey('machine:machine').id, product: 'acme.workstation', pool: 'acme', virtual: false };

const basis = { head: 1, now: toInstant(TEST_START_MS), rulesVersion: 1, certificate: digestOf(UNSIGNED_CERTIFICATE) };

const lease = { leaseSeconds: 180 * DAY_SECONDS, renewAfterSeconds: 7 * DAY_SECONDS, retryAfterSeconds: 2 * HOUR_SECONDS };

const claims: HostCertificateClaims = {
  iss: 'development-vendor',
  sub: hostKey.id,
  jti: '00000000-0000-4000-8000-0000000000ce',
  iat: toNumericDate(TEST_START_MS),
  nbf: toNumericDate(TEST_START_MS),
  exp: toNumericDate(TEST_START_MS) + 365 * DAY_SECONDS,
  organisation: 'development',
  environment: 'development',
  cnf: { jwk: { ...hostKey.publicJwk } },
  coversGroup: 'acme-workstation',
  groups: [{ name: 'acme-workstation', rank: 1 }],
  pools: [{ name: 'acme', countWindowSeconds: 30 * DAY_SECONDS, countVirtualMachines: false }],
  products: [{ name: 'acme.workstation', group: 'acme-workstation', pool: 'acme', threshold: 25, ...lease }],
  renewalGraceSeconds: 30 * DAY_SECONDS,
};

const catalogue: EventOf<'CatalogueAdopted'>['data']['catalogue'] = {
  vendor: claims.iss,
  environment: claims.environment,
  groups: claims.groups,
  pools: claims.pools,
  products: claims.products,
  renewalGraceSeconds: claims.renewalGraceSeconds,
  certificateDays: 365,
};

const granted: EventOf<'ActivationGranted'>['data'] = {
  ...subject,
  leaseId: LEASE_ID,
  kid: hostKey.id,
  issuedAt: toInstant(TEST_START_MS),
  expiresAt: toInstant(TEST_START_MS + lease.leaseSeconds * SECOND_MS),
  renewAfterSeconds: lease.renewAfterSeconds,
  renewalWindow: { opensAfterSeconds: 6 * DAY_SECONDS, closesAfterSeconds: 7 * DAY_SECONDS },
  retryAfterSeconds: lease.retryAfterSeconds,
  basis: { ...basis, count: 25, threshold: 25, draws: { leaseId: LEASE_ID, spread: 0 } },
};
const deferred: EventOf<'ActivationDeferred'>['data'] = { ...subject, kid: hostKey.id, retryAfterSeconds: 6300, basis: { ...basis, count: 1, threshold: 25, draws: { spread: 0.5 } } };

const endpoint = { endpoint: 'muster.corp.example:6878', target: 'muster.corp.example', port: 6878 };
const dnsChange = { endpoint: endpoint.endpoint, domain: 'corp.example', name: '_muster._tcp.corp.example', epoch: 12, server: '192.0.2.53:53', rcode: 'NOERROR', serial: 2026 };

const examples: { readonly [T in EventType]: EventOf<T>['data'] } = {
  HostActivated: { host: hostKey.id, certificate: UNSIGNED_CERTIFICATE, certificateDigest: digestOf(UNSIGNED_CERTIFICATE), claims },
  HostRetired: { host: hostKey.id, reason: 'decommissioned' },
  TimeStepAccepted: { from: toInstant(TEST_START_MS), to: toInstant(TEST_START_MS + 60 * DAY_SECONDS * SECOND_MS) },
  ActivationRequested: {
    ...subject,
    requestIssuedAt: toNumericDate(TEST_START_MS),
    citedLease: null,
    contentDigest: contentDigestOf({ kind: 'activation', product: subject.product, virtual: false, citedLease: null, evidence: null }),
  },
  ActivationGranted: granted,
  ActivationDeferred: deferred,
  ActivationRenewed: { ...granted, renewedLease: EARLIER_LEASE_ID },
  RenewalDeferred: { ...deferred, lease: EARLIER_LEASE_ID },
  ActivationReleased: { ...subject, leaseId: LEASE_ID, reason: 'returned', basis },
  ActivationExpired: { ...subject, leaseId: LEASE_ID, expiredAt: granted.expiresAt, basis: { head: basis.head, now: basis.now, rulesVersion: basis.rulesVersion } },
  ActivationRefused: { ...subject, reason: 'host-retired', basis },
  MachineRetired: { machine: subject.machine, reason: 'decommissioned' },
  HostKeyInstalled: { keyId: KEY_ID, keyEnding: KEY_ENDING, policies: UNSIGNED_CERTIFICATE, policiesDigest: digestOf(UNSIGNED_CERTIFICATE) },
  SigningKeyAnnounced: { kid: otherKey.id, key: otherKey.publicJwk.x, delegation: UNSIGNED_CERTIFICATE, announcedAt: toInstant(TEST_START_MS) },
  SigningKeyChanged: {
    ...{ kid: otherKey.id, previous: hostKey.id, reason: 'rotation', changedAt: toInstant(TEST_START_MS) },
    ...{ repeatsUntil: toInstant(TEST_START_MS + lease.retryAfterSeconds * SECOND_MS), publishedUntil: granted.expiresAt },
  },
  RevocationListInstalled: { sequence: 1, list: UNSIGNED_CERTIFICATE, certificates: [], keys: [otherKey.id] },
  MachineEnrolled: { machine: subject.machine, tokenId: TOKEN_ID },
  ProxyActivationRequested: { machine: subject.machine, product: subject.product, requestDigest: digestOf(UNSIGNED_CERTIFICATE), request: UNSIGNED_CERTIFICATE },
  ProxyActivationConfirmed: { machine: subject.machine, product: subject.product, requestDigest: digestOf(UNSIGNED_CERTIFICATE), leaseId: LEASE_ID, lease: UNSIGNED_CERTIFICATE },
  AccessTokenCreated: { tokenId: TOKEN_ID, role: 'viewer', tokenHash: digestOf('a token'), expiresAt: null },
  AccessTokenRevoked: { tokenId: TOKEN_ID },
  EnrolmentTokenCreated: { tokenId: TOKEN_ID, tokenKey: digestOf('an enrolment token'), maximumUses: 30, expiresAt: granted.expiresAt },
  EnrolmentTokenRevoked: { tokenId: TOKEN_ID },
  EndpointAnnounced: { ...endpoint, scheme: 'https', sites: ['berlin'], domains: null, priority: 0, weight: 10 },
  EndpointConfigured: { endpoint: endpoint.endpoint, priority: 10, weight: null, domains: ['corp.example'] },
  EndpointFellSilent: { endpoint: endpoint.endpoint, cause: 'unheard', since: toInstant(TEST_START_MS) },
  EndpointHeardAgain: { endpoint: endpoint.endpoint },
  EndpointWithdrawn: { endpoint: endpoint.endpoint, cause: 'command' },
  EndpointReadmitted: { endpoint: endpoint.endpoint },
  ServiceRecordPublished: { ...dnsChange, priority: 0, weight: 10, ttlSeconds: 300, scheme: 'https' },
  ServiceRecordWithdrawn: { ...dnsChange, reason: 'endpoint-withdrawn' },
  DnsConflictDetected: { endpoint: endpoint.endpoint, domain: 'corp.example', owner: '0123456789abcdef0123456789abcdef', found: '0 10 6878 muster.corp.example.' },
  DnsTakeOverOrdered: { endpoint: endpoint.endpoint, domain: 'corp.example', owner: '0123456789abcdef0123456789abcdef' },
  CatalogueAdopted: { digest: digestOf('a catalogue'), catalogue },
  HostKeyIssued: { keyId: KEY_ID, keyEnding: KEY_ENDING, organisation: 'development', coversGroup: 'acme-workstation', hostsMax: 6, activationsPerHostMax: 10 },
  HostKeyRaised: { keyId: KEY_ID, hostsMax: 7, activationsPerHostMax: 10 },
  ActivationKeyRevoked: { keyId: KEY_ID, reason: 'leaked' },
  HostCertificateIssued: {
    keyId: KEY_ID,
    host: hostKey.id,
    hostKey: hostKey.publicJwk.x,
    serial: 1,
    certificateId: claims.jti,
    issuedAt: claims.iat,
    validDays: 365,
    policies: UNSIGNED_CERTIFICATE,
    way: 'online',
    activation: 1,
  },
  HostActivationRefused: { keyId: KEY_ID, host: hostKey.id, reason: 'hosts-exhausted', way: 'online' },
  MultipleActivationKeyIssued: { keyId: KEY_ID, keyEnding: KEY_ENDING, organisation: 'development', group: 'acme-workstation', allowance: 10 },
  MultipleActivationKeyRaised: { keyId: KEY_ID, allowance: 20 },
  MultipleActivationKeyUsed: {
    ...{ keyId: KEY_ID, machine: subject.machine, product: subject.product, leaseId: LEASE_ID, hardware: { board: digestOf('a board') } },
    ...{ way: 'independent', drawn: true, remaining: 9, issuedAt: toInstant(TEST_START_MS) },
  },
  MultipleActivationRefused: { keyId: KEY_ID, machine: subject.machine, product: subject.product, reason: 'allowance-exhausted', way: 'independent' },
  VendorRevocation: { sequence: 1, certificate: claims.jti, key: null, reason: 'compromised' },
};

/**
 * A valid event of the given type: an example, with whole members replaced.
 *
 * @throws ZodError when the result does not fit the type's schema
 */
export const anEvent = <T extends EventType>(type: T, overrides: Partial<EventOf<T>['data']> = {}): EventOf<T> =>
  ({ type, data: eventCatalogue[type].schema.parse({ ...examples[type], ...overrides }) }) as DomainEvent as EventOf<T>;

/** The fact that a certificate from {@link aHostCertificate} took effect. */
export const hostActivated = ({ jws, digest, claims: certified }: IssuedHostCertificate): EventOf<'HostActivated'> =>
  anEvent('HostActivated', { host: certified.sub, certificate: jws, certificateDigest: digest, claims: certified });
