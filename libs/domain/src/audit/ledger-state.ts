import type { EventType } from '@muster/contracts';
import { typedColumnsOf } from '@muster/contracts';
import type { AccessTokens } from '../access/access-tokens.fold.js';
import { accessTokensFold, applyAccessTokenEvent } from '../access/access-tokens.fold.js';
import type { CountingState } from '../counting/counting.fold.js';
import { applyPolicies, applyRow, initialCountingState } from '../counting/counting.fold.js';
import type { DnsState } from '../dns/dns.state.js';
import { emptyDns } from '../dns/dns.state.js';
import { applyDnsEvent } from '../dns/endpoints.fold.js';
import type { EnrolmentState } from '../enrolment/enrolment.fold.js';
import { applyEnrolmentEvent, emptyEnrolment } from '../enrolment/enrolment.fold.js';
import type { HostState } from '../hosts/host.fold.js';
import { hostFold } from '../hosts/host.fold.js';
import type { ActiveLeases } from '../leases/active-leases.fold.js';
import { applyLeaseEvent, emptyActiveLeases } from '../leases/active-leases.fold.js';
import type { ProxyRequests } from '../proxy/proxy-requests.fold.js';
import { applyProxyEvent, noProxyRequests } from '../proxy/proxy-requests.fold.js';
import type { AuditedEvent } from './audit.types.js';

/** Everything that any decision reads, as of one position. Changed in place. */
export interface LedgerState {
  position: number;
  recordedAtMs: number;
  host: HostState;
  readonly counts: CountingState;
  readonly leases: ActiveLeases;
  readonly enrolment: EnrolmentState;
  readonly proxies: ProxyRequests;
  readonly tokens: AccessTokens;
  readonly dns: DnsState;
  /** Machines that the ledger has any event of: only such a one is retired. */
  readonly machines: Set<string>;
}

export const emptyLedgerState = (): LedgerState => ({
  position: 0,
  recordedAtMs: 0,
  host: hostFold.initialState(),
  counts: initialCountingState(),
  leases: emptyActiveLeases(),
  enrolment: emptyEnrolment(),
  proxies: noProxyRequests(),
  tokens: accessTokensFold.initialState(),
  dns: emptyDns(),
  machines: new Set(),
});

/** The same folds as the services', one after the other; from the body, never from the typed columns beside it. */
export const applyToLedger = (state: LedgerState, { row, event }: AuditedEvent): void => {
  const { position, recordedAtMs } = row;
  const columns = typedColumnsOf(event);
  state.host = hostFold.evolve(state.host, event);
  if (event.type === 'HostActivated') applyPolicies(state.counts, event.data.claims, recordedAtMs);
  applyRow(state.counts, { recordedAtMs, ...columns });
  applyLeaseEvent(state.leases, { position, recordedAtMs, event });
  applyEnrolmentEvent(state.enrolment, event, recordedAtMs);
  applyProxyEvent(state.proxies, event, { position, recordedAtMs });
  applyAccessTokenEvent(state.tokens, { event, position, recordedAtMs });
  applyDnsEvent(state.dns, { event, position, recordedAtMs });
  if (columns.machine !== null) state.machines.add(columns.machine);
  state.position = position;
  state.recordedAtMs = recordedAtMs;
};

/** Of the ledger of a vendor's authority, which has other rules and a writer of its own. */
const authorityTypes: ReadonlySet<EventType> = new Set([
  ...(['CatalogueAdopted', 'HostKeyIssued', 'HostKeyRaised', 'ActivationKeyRevoked', 'HostCertificateIssued', 'HostActivationRefused'] as const),
  ...(['MultipleActivationKeyIssued', 'MultipleActivationKeyRaised', 'MultipleActivationKeyUsed', 'MultipleActivationRefused', 'VendorRevocation'] as const),
]);

export const isAuthorityType = (type: EventType): boolean => authorityTypes.has(type);
