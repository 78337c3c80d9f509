import type { DomainEvent, EventOf } from '@muster/contracts';
import { endpointIdOf } from '@muster/contracts';
import type { DnsOrderDecision } from '../dns/dns-orders.decide.js';
import type { DnsState } from '../dns/dns.state.js';
import { publishedKey, standKey } from '../dns/dns.state.js';
import { sameFacts } from '../dns/facts.js';
import type { AuditedEvent, Derived } from './audit.types.js';
import type { ActContext } from './redecide-act.js';

const one = (event: DomainEvent): Derived => ({ events: [event] });

const KNOWN: Derived = { why: 'known already' };
const UNKNOWN: Derived = { why: 'endpoint-unknown' };

const fromOrder = (decision: DnsOrderDecision<DomainEvent>): Derived => {
  switch (decision.kind) {
    case 'record':
      return one(decision.event);
    case 'known':
      return KNOWN;
    case 'refuse':
      return { why: decision.problem.kind };
  }
};

const announced = ({ data }: EventOf<'EndpointAnnounced'>, { endpoints }: DnsState): Derived => {
  const facts = { ...data, endpoint: endpointIdOf(data) };
  const known = endpoints.get(facts.endpoint);
  if (known === undefined || !sameFacts(known.facts, facts)) return one({ type: 'EndpointAnnounced', data: facts });
  const { standing } = known;
  if (standing.status === 'silent') return one({ type: 'EndpointHeardAgain', data: { endpoint: facts.endpoint } });
  return standing.status === 'withdrawn' && standing.cause !== 'command' ? one({ type: 'EndpointAnnounced', data: facts }) : KNOWN;
};

/** Whoever said that it stops and is the last one of a name stays listed, as one unheard since then; nobody falls silent twice otherwise. */
const fellSilent = (event: EventOf<'EndpointFellSilent'>, { endpoints }: DnsState, nowMs: number): Derived => {
  const { endpoint, since } = event.data;
  const standing = endpoints.get(endpoint)?.standing;
  if (standing?.status === 'heard') return Date.parse(since) <= nowMs ? one(event) : { why: 'silent since a moment still to come' };
  if (standing?.status !== 'silent' || standing.cause !== 'stopped') return { why: 'it was not heard before' };
  return one({ type: event.type, data: { endpoint, cause: 'unheard', since: new Date(standing.sinceMs).toISOString() } });
};

const withdrawn = ({ data: { endpoint, cause } }: EventOf<'EndpointWithdrawn'>, { state: { dns }, rules }: ActContext): Derived => {
  if (cause === 'command') return fromOrder(rules.decideDnsOrder({ order: 'withdraw', endpoint }, dns));
  const standing = dns.endpoints.get(endpoint)?.standing;
  return standing?.status === 'silent' ? one({ type: 'EndpointWithdrawn', data: { endpoint, cause: standing.cause } }) : { why: 'it was not silent' };
};

const published = (event: EventOf<'ServiceRecordPublished'>, { endpoints, published: records }: DnsState): Derived => {
  const { data } = event;
  if (!endpoints.has(data.endpoint)) return UNKNOWN;
  const before = records.get(publishedKey(data));
  const isSame = before?.priority === data.priority && before.weight === data.weight && before.ttlSeconds === data.ttlSeconds && before.scheme === data.scheme;
  return isSame ? KNOWN : one(event);
};

const recordWithdrawn = ({ type, data }: EventOf<'ServiceRecordWithdrawn'>, { published: records }: DnsState): Derived => {
  const record = records.get(publishedKey(data));
  return record === undefined ? { why: 'no record of it was published there' } : one({ type, data: { ...data, domain: record.domain } });
};

const conflict = (event: EventOf<'DnsConflictDetected'>, { endpoints, conflicts }: DnsState): Derived => {
  if (!endpoints.has(event.data.endpoint)) return UNKNOWN;
  const known = conflicts.get(standKey(event.data));
  return known?.owner === event.data.owner && known.found === event.data.found ? KNOWN : one(event);
};

/** Decides orders about endpoints again, and checks of what was heard and seen in DNS what the ledger alone can say; undefined for other events. Several of one append are each as of the one before. */
export const redecideDns = ({ event, row }: AuditedEvent, context: ActContext): Derived | undefined => {
  const { state: { dns }, rules } = context;
  switch (event.type) {
    case 'EndpointAnnounced':
      return announced(event, dns);
    case 'EndpointConfigured':
      return fromOrder(rules.decideDnsOrder({ order: 'prefer', ...event.data }, dns));
    case 'EndpointFellSilent':
      return fellSilent(event, dns, row.recordedAtMs);
    case 'EndpointHeardAgain':
      return dns.endpoints.get(event.data.endpoint)?.standing.status === 'silent' ? one(event) : { why: 'it was not silent' };
    case 'EndpointReadmitted':
      return fromOrder(rules.decideDnsOrder({ order: 'publish', endpoint: event.data.endpoint }, dns));
    case 'EndpointWithdrawn':
      return withdrawn(event, context);
    case 'ServiceRecordPublished':
      return published(event, dns);
    case 'ServiceRecordWithdrawn':
      return recordWithdrawn(event, dns);
    case 'DnsConflictDetected':
      return conflict(event, dns);
    case 'DnsTakeOverOrdered':
      return fromOrder(rules.decideTakeOver({ endpoint: event.data.endpoint, domain: event.data.domain }, dns));
    default:
      return undefined;
  }
};
