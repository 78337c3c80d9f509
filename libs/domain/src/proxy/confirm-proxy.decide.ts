import type { EventOf } from '@muster/contracts';
import type { ProxyRequest, ProxyRequests } from './proxy-requests.fold.js';
import { proxyRequestOf } from './proxy-requests.fold.js';

/** A permanent lease that was verified against the vendor's root key. */
export interface ObtainedLease {
  readonly machine: string;
  readonly product: string;
  readonly leaseId: string;
  readonly lease: string;
}

export type ConfirmationDecision =
  | { readonly status: 'recorded'; readonly event: EventOf<'ProxyActivationConfirmed'> }
  /** The same lease again. */
  | { readonly status: 'known'; readonly request: ProxyRequest }
  | { readonly status: 'not-requested'; readonly detail: string };

/** Hands a lease back to the request that waits for it. */
export const decideProxyConfirmation = ({ machine, product, leaseId, lease }: ObtainedLease, requests: ProxyRequests): ConfirmationDecision => {
  const request = proxyRequestOf(requests, { machine, product });
  if (request === undefined) return { status: 'not-requested', detail: `The machine left no request for ${product} here.` };
  if (request.confirmed?.leaseId === leaseId) return { status: 'known', request };
  if (request.confirmed !== null) return { status: 'not-requested', detail: `The machine's request for ${product} has its answer already.` };
  return { status: 'recorded', event: { type: 'ProxyActivationConfirmed', data: { machine, product, requestDigest: request.requestDigest, leaseId, lease } } };
};
