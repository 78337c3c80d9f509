import type { DomainEvent } from '@muster/contracts';
import { readBy, typesReadBy } from '../folds/readers.js';

/** The latest request that a machine left for one product, and what became of it. */
export interface ProxyRequest {
  readonly machine: string;
  readonly product: string;
  readonly requestDigest: string;
  readonly requestedAtMs: number;
  /** Of the event that holds the request. */
  readonly position: number;
  /** Null while it waits for somebody who can reach the authority. */
  readonly confirmed: { readonly leaseId: string; readonly position: number } | null;
}

/** By machine and product, one each: the state does not grow with what a machine sends. Changed in place. */
export interface ProxyRequests {
  readonly byMachine: Map<string, ProxyRequest>;
  open: number;
}

const isRead = readBy('proxy');

export const noProxyRequests = (): ProxyRequests => ({ byMachine: new Map(), open: 0 });

const keyOf = ({ machine, product }: { readonly machine: string; readonly product: string }): string => `${machine} ${product}`;

/** For whoever decides several at once, each resting on those before it. Some ten milliseconds for a hundred thousand machines. */
export const copyOfProxyRequests = ({ byMachine, open }: ProxyRequests): ProxyRequests => ({ byMachine: new Map(byMachine), open });

export const proxyRequestOf = ({ byMachine }: ProxyRequests, of: { readonly machine: string; readonly product: string }): ProxyRequest | undefined => byMachine.get(keyOf(of));

const put = (state: ProxyRequests, request: ProxyRequest): void => {
  const before = proxyRequestOf(state, request);
  state.open += (request.confirmed === null ? 1 : 0) - (before !== undefined && before.confirmed === null ? 1 : 0);
  state.byMachine.set(keyOf(request), request);
};

const forget = (state: ProxyRequests, machine: string): void => {
  for (const [key, request] of state.byMachine) {
    if (request.machine !== machine) continue;
    state.byMachine.delete(key);
    if (request.confirmed === null) state.open -= 1;
  }
};

/** Takes in an event at its place; those that say nothing of proxies change nothing. */
export const applyProxyEvent = (state: ProxyRequests, event: DomainEvent, { position, recordedAtMs }: { readonly position: number; readonly recordedAtMs: number }): ProxyRequests => {
  if (!isRead(event)) return state;
  switch (event.type) {
    case 'ProxyActivationRequested': {
      const { machine, product, requestDigest } = event.data;
      put(state, { machine, product, requestDigest, requestedAtMs: recordedAtMs, position, confirmed: null });
      return state;
    }
    case 'ProxyActivationConfirmed': {
      const { machine, product, requestDigest, leaseId } = event.data;
      const request = proxyRequestOf(state, { machine, product });
      if (request?.requestDigest === requestDigest) put(state, { ...request, confirmed: { leaseId, position } });
      return state;
    }
    case 'MachineRetired':
      forget(state, event.data.machine);
      return state;
    default:
      return event satisfies never;
  }
};

/** As a follower of the ledger takes it: the few events about installation requests, the rest passed over. */
export const proxyRequestsFold = {
  name: 'proxy-requests',
  wholeTypes: typesReadBy('proxy'),
  initialState: noProxyRequests,
  applyEvent: (requests: ProxyRequests, { row, event }: { readonly row: { readonly position: number; readonly recordedAtMs: number }; readonly event: DomainEvent }): ProxyRequests => applyProxyEvent(requests, event, row),
};
