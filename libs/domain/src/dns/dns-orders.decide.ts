import type { EventOf, OrderDns, TakeOverDns } from '@muster/contracts';
import { Problem } from '@muster/kernel';
import type { DnsState } from './endpoints.fold.js';

export type DnsOrder = OrderDns extends infer Order ? (Order extends OrderDns ? Omit<Order, 'actor'> : never) : never;

/** `known`: it is so already, there is nothing to record. */
export type DnsOrderDecision<Event> =
  | { readonly kind: 'record'; readonly event: Event }
  | { readonly kind: 'known'; readonly endpoint: string }
  | { readonly kind: 'refuse'; readonly problem: Problem };

export type DnsOrderEvent = EventOf<'EndpointConfigured' | 'EndpointReadmitted' | 'EndpointWithdrawn'>;

/** An administrator's order about an endpoint. Refused with `endpoint-unknown`, `endpoint-ambiguous`. */
export const decideDnsOrder = (_order: DnsOrder, _state: DnsState): DnsOrderDecision<DnsOrderEvent> => ({ kind: 'refuse', problem: new Problem('endpoint-unknown', 'none') });

/** An administrator's word that what stands in the way of an endpoint may be replaced. Refused with `endpoint-unknown`, `endpoint-ambiguous`, `dns-conflict-unknown`. */
export const decideTakeOver = (_order: Omit<TakeOverDns, 'actor'>, _state: DnsState): DnsOrderDecision<EventOf<'DnsTakeOverOrdered'>> => ({
  kind: 'refuse',
  problem: new Problem('dns-conflict-unknown', 'none'),
});
