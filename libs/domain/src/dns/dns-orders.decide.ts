import type { EventOf, OrderDns, TakeOverDns } from '@muster/contracts';
import { Problem } from '@muster/kernel';
import type { DnsState, Endpoint } from './dns.state.js';
import { standKey } from './dns.state.js';
import { sameDomains } from './facts.js';

export type DnsOrder = OrderDns extends infer Order ? (Order extends OrderDns ? Omit<Order, 'actor'> : never) : never;

interface Refused {
  readonly kind: 'refuse';
  readonly problem: Problem;
}

/** `known`: it is so already, there is nothing to record. */
export type DnsOrderDecision<Event> = { readonly kind: 'record'; readonly event: Event } | { readonly kind: 'known'; readonly endpoint: string } | Refused;

export type DnsOrderEvent = EventOf<'EndpointConfigured' | 'EndpointReadmitted' | 'EndpointWithdrawn'>;

const refuse = (...[kind, detail]: ConstructorParameters<typeof Problem>): Refused => ({ kind: 'refuse', problem: new Problem(kind, detail) });

const known = (endpoint: string): { readonly kind: 'known'; readonly endpoint: string } => ({ kind: 'known', endpoint });

/** Whoever fell silent and was withdrawn for it is not meant by an order that names nobody. */
const isMeant = ({ standing }: Endpoint): boolean => standing.status !== 'withdrawn' || standing.cause === 'command';

const endpointOf = (id: string | undefined, { endpoints }: DnsState): Endpoint | Refused => {
  if (id !== undefined) return endpoints.get(id) ?? refuse('endpoint-unknown', `No gateway announced ${id}.`);
  const [only, ...others] = [...endpoints.values()].filter(isMeant);
  if (only === undefined) return refuse('endpoint-unknown', 'No gateway announced where it can be reached.');
  return others.length === 0 ? only : refuse('endpoint-ambiguous', `Name one of them: ${[only, ...others].map(({ facts }) => facts.endpoint).join(', ')}.`);
};

const prefer = ({ priority, weight, domains }: Extract<DnsOrder, { order: 'prefer' }>, { facts: { endpoint }, configured }: Endpoint): DnsOrderDecision<DnsOrderEvent> => {
  const data = {
    endpoint,
    priority: priority === undefined ? configured.priority : priority,
    weight: weight === undefined ? configured.weight : weight,
    domains: domains === undefined ? configured.domains : domains,
  };
  const isSo = data.priority === configured.priority && data.weight === configured.weight && sameDomains(data.domains, configured.domains);
  return isSo ? known(endpoint) : { kind: 'record', event: { type: 'EndpointConfigured', data } };
};

/** An administrator's order about an endpoint. Refused with `endpoint-unknown`, `endpoint-ambiguous`. */
export const decideDnsOrder = (order: DnsOrder, state: DnsState): DnsOrderDecision<DnsOrderEvent> => {
  const found = endpointOf(order.endpoint, state);
  if ('kind' in found) return found;
  const { facts: { endpoint }, standing } = found;
  const byCommand = standing.status === 'withdrawn' && standing.cause === 'command';
  switch (order.order) {
    case 'publish':
      // Whoever is withdrawn for silence is listed again by its next beat, and by nothing else.
      return byCommand ? { kind: 'record', event: { type: 'EndpointReadmitted', data: { endpoint } } } : known(endpoint);
    case 'withdraw':
      return byCommand ? known(endpoint) : { kind: 'record', event: { type: 'EndpointWithdrawn', data: { endpoint, cause: 'command' } } };
    case 'prefer':
      return prefer(order, found);
    default:
      return order satisfies never;
  }
};

/** An administrator's word that what stands in the way of an endpoint may be replaced. Refused with `endpoint-unknown`, `endpoint-ambiguous`, `dns-conflict-unknown`. */
export const decideTakeOver = ({ endpoint, domain }: Omit<TakeOverDns, 'actor'>, { endpoints, conflicts, takeOvers }: DnsState): DnsOrderDecision<EventOf<'DnsTakeOverOrdered'>> => {
  if (endpoint !== undefined && !endpoints.has(endpoint)) return refuse('endpoint-unknown', `No gateway announced ${endpoint}.`);
  const [conflict, ...others] = [...conflicts.values()].filter((one) => one.domain === domain && (endpoint === undefined || one.endpoint === endpoint));
  if (conflict === undefined) return refuse('dns-conflict-unknown', `Nobody else's record is in the way in ${domain}.`);
  if (others.length > 0) return refuse('endpoint-ambiguous', `Name one of them: ${[conflict, ...others].map((one) => one.endpoint).join(', ')}.`);
  const { owner } = conflict;
  const ordered = takeOvers.get(standKey(conflict));
  if (ordered !== undefined && ordered.owner === owner) return known(conflict.endpoint);
  return { kind: 'record', event: { type: 'DnsTakeOverOrdered', data: { endpoint: conflict.endpoint, domain, owner } } };
};
