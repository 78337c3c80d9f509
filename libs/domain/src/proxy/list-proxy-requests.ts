import type { ListInstallations } from '@muster/contracts';
import { pageOf } from '../listing/page-of.js';
import type { ProxyRequest, ProxyRequests } from './proxy-requests.fold.js';

/** One page of the requests that wait for an answer, by machine and product. */
export const listProxyRequests = (
  { byMachine }: ProxyRequests,
  { after, limit, product }: Pick<ListInstallations, 'after' | 'limit' | 'product'>,
): { readonly entries: readonly ProxyRequest[]; readonly next?: string } =>
  pageOf(byMachine.values(), {
    keyOf: (request) => `${request.machine} ${request.product}`,
    wanted: (request) => request.confirmed === null && (product === undefined || request.product === product),
    limit,
    after,
  });
