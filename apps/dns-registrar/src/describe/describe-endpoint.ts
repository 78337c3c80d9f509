import type { DnsDescription } from '@muster/contracts';
import type { DnsState, Endpoint } from '@muster/domain';
import { listingOf } from '@muster/domain';
import { toInstant } from '@muster/kernel';

type EndpointDescription = DnsDescription['endpoints'][number];

/** An endpoint with the numbers that it is listed with, and where it stands by the ledger. */
export const describeEndpoint = (endpoint: Endpoint, { published }: DnsState, lastHeardAtMs: number | null): EndpointDescription => {
  const { facts, configured, standing } = endpoint;
  const listing = listingOf(endpoint);
  return {
    ...facts,
    domains: configured.domains ?? facts.domains,
    priority: listing?.priority ?? configured.priority ?? facts.priority,
    weight: listing?.weight ?? configured.weight ?? facts.weight,
    standing: standing.status,
    cause: standing.status === 'heard' ? null : standing.cause,
    since: toInstant(standing.sinceMs),
    lastHeardAt: lastHeardAtMs === null ? null : toInstant(lastHeardAtMs),
    published: [...published.values()]
      .filter((record) => record.endpoint === facts.endpoint)
      .map(({ domain, name, priority, weight, epoch, atMs }) => ({ domain, name, priority, weight, epoch, at: toInstant(atMs) })),
  };
};
