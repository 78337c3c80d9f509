import type { EventOf, RequestProxy } from '@muster/contracts';
import type { Rejection } from '../activation/screen-request.rule.js';
import { findProduct } from '../hosts/coverage.rule.js';
import type { HostState } from '../hosts/host.fold.js';
import type { ProxyRequest, ProxyRequests } from './proxy-requests.fold.js';
import { proxyRequestOf } from './proxy-requests.fold.js';

/** Requests that wait at one host: keys of machines cost nothing, so there is an end to what may be left by strangers. */
export const PROXY_REQUESTS_OPEN_MAX = 10_000;

export type ProxyDecision =
  /** It is on record: the same request again, or one that was answered meanwhile. */
  | { readonly status: 'known'; readonly request: ProxyRequest }
  | { readonly status: 'recorded'; readonly event: EventOf<'ProxyActivationRequested'> }
  | Rejection;

const rejected = (kind: Rejection['kind'], detail: string): Rejection => ({ status: 'rejected', kind, detail });

/**
 * Takes on a machine's installation request, for somebody to carry it to the authority. A new request of the machine for the product takes the
 * place of the one before: it has one open at a time.
 *
 * @param usedBefore the ledger knows the request id: what it stood for has been replaced
 */
export const decideProxyRequest = (
  { machine, product, request, requestDigest }: RequestProxy,
  { host, requests, usedBefore }: { readonly host: HostState; readonly requests: ProxyRequests; readonly usedBefore: boolean },
): ProxyDecision => {
  const latest = proxyRequestOf(requests, { machine, product });
  if (latest?.requestDigest === requestDigest) return { status: 'known', request: latest };
  if (usedBefore) return rejected('request-id-conflict', 'A later request of the machine has taken the place of this one.');
  if (host.status === 'not-activated') return rejected('host-not-activated', 'The host is not activated yet.');
  if (host.status === 'retired') return rejected('host-retired', 'The host is retired.');
  if (findProduct(host.certificate.claims, product) === undefined) return rejected('unknown-product', `The vendor's certificate knows no product ${product}.`);
  const more = latest === undefined || latest.confirmed !== null;
  if (more && requests.open >= PROXY_REQUESTS_OPEN_MAX) return rejected('overloaded', `${requests.open} installation requests wait here already: they are to be collected, or their machines retired.`);
  return { status: 'recorded', event: { type: 'ProxyActivationRequested', data: { machine, product, requestDigest, request } } };
};
