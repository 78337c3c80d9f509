import type { DomainEvent, EndpointFacts, EventOf } from '@muster/contracts';
import { claimNameOf } from '@muster/contracts';
import { readBy, typesReadBy } from '../folds/readers.js';
import type { DnsState, Endpoint, EndpointPreference, EndpointStanding } from './dns.state.js';
import { publishedKey, standKey } from './dns.state.js';
import { labelOf } from './names.js';

/** The types that {@link applyDnsEvent} needs whole. */
export const dnsEventTypes = typesReadBy('dns');

const isRead = readBy('dns');

interface RecordedDnsEvent {
  readonly event: DomainEvent;
  readonly position: number;
  readonly recordedAtMs: number;
}

const AS_ANNOUNCED: EndpointPreference = { priority: null, weight: null, domains: null };

const changeEndpoint = (state: DnsState, id: string, change: (endpoint: Endpoint) => Partial<Endpoint>): void => {
  const endpoint = state.endpoints.get(id);
  if (endpoint !== undefined) state.endpoints.set(id, { ...endpoint, ...change(endpoint) });
};

const announce = (state: DnsState, facts: EndpointFacts, sinceMs: number): void => {
  const known = state.endpoints.get(facts.endpoint);
  const wasWithdrawn = known?.standing.status === 'withdrawn' && known.standing.cause === 'command';
  // An administrator's withdrawal outlives what the gateway says of itself.
  const standing: EndpointStanding = known !== undefined && (wasWithdrawn || known.standing.status === 'heard') ? known.standing : { status: 'heard', sinceMs };
  state.endpoints.set(facts.endpoint, { facts, configured: known?.configured ?? AS_ANNOUNCED, standing });
};

const publish = (state: DnsState, data: EventOf<'ServiceRecordPublished'>['data'], atMs: number): void => {
  const { endpoint, domain, name, priority, weight, ttlSeconds, scheme, epoch } = data;
  state.published.set(publishedKey(data), { endpoint, domain, name, priority, weight, ttlSeconds, scheme, epoch, atMs });
  state.conflicts.delete(standKey(data));
  state.takeOvers.delete(standKey(data));
  const facts = state.endpoints.get(endpoint)?.facts;
  const label = labelOf(name, domain);
  if (facts !== undefined && label !== undefined) state.claims.set(claimNameOf(label, facts, domain), { endpoint, domain });
};

const detectConflict = (state: DnsState, { endpoint, domain, owner, found }: EventOf<'DnsConflictDetected'>['data'], sinceMs: number): void => {
  const key = standKey({ domain, endpoint });
  const lost = [...state.published.values()].filter((record) => standKey(record) === key);
  for (const record of lost) state.published.delete(publishedKey(record));
  const names = [...new Set([...(state.conflicts.get(key)?.names ?? []), ...lost.map(({ name }) => name)])];
  state.conflicts.set(key, { endpoint, domain, owner, found, sinceMs, names });
  // The word was about what stood there before.
  state.takeOvers.delete(key);
};

/** The state after an event: the same object, changed in place. */
export const applyDnsEvent = (state: DnsState, { event, recordedAtMs }: RecordedDnsEvent): DnsState => {
  if (!isRead(event)) return state;
  switch (event.type) {
    case 'EndpointAnnounced':
      announce(state, event.data, recordedAtMs);
      return state;
    case 'EndpointConfigured': {
      const { endpoint, ...configured } = event.data;
      changeEndpoint(state, endpoint, () => ({ configured }));
      return state;
    }
    case 'EndpointFellSilent':
      changeEndpoint(state, event.data.endpoint, () => ({ standing: { status: 'silent', cause: event.data.cause, sinceMs: Date.parse(event.data.since) } }));
      return state;
    case 'EndpointHeardAgain':
      changeEndpoint(state, event.data.endpoint, () => ({ standing: { status: 'heard', sinceMs: recordedAtMs } }));
      return state;
    case 'EndpointReadmitted':
      changeEndpoint(state, event.data.endpoint, () => ({ standing: { status: 'heard', sinceMs: recordedAtMs, byOrder: true } }));
      return state;
    case 'EndpointWithdrawn':
      changeEndpoint(state, event.data.endpoint, () => ({ standing: { status: 'withdrawn', cause: event.data.cause, sinceMs: recordedAtMs } }));
      return state;
    case 'ServiceRecordPublished':
      publish(state, event.data, recordedAtMs);
      return state;
    case 'ServiceRecordWithdrawn':
      state.published.delete(publishedKey(event.data));
      return state;
    case 'DnsConflictDetected':
      detectConflict(state, event.data, recordedAtMs);
      return state;
    case 'DnsTakeOverOrdered':
      state.takeOvers.set(standKey(event.data), { owner: event.data.owner });
      return state;
    default:
      return event satisfies never;
  }
};
