import type { DnsDescription } from '@muster/contracts';
import type { DnsState } from '@muster/domain';
import { toInstant } from '@muster/kernel';
import type { DomainReconciler } from '../reconcile/domain-reconciler.js';

type DomainDescription = DnsDescription['domains'][number];

export const describeDomain = ({ domain: { policy }, zone, reconciledAtMs }: DomainReconciler, { conflicts }: DnsState): DomainDescription => ({
  ...{ domain: policy.domain, zone: policy.zone, ttlSeconds: policy.ttlSeconds, sites: policy.sites.map(({ name }) => name) },
  ...{ servers: [...zone.describe()], key: zone.keyName, failure: zone.keyFailure ?? null },
  reconciledAt: reconciledAtMs === undefined ? null : toInstant(reconciledAtMs),
  conflicts: [...conflicts.values()]
    .filter(({ domain }) => domain === policy.domain)
    .map(({ endpoint, owner, found, sinceMs }) => ({ endpoint, owner, found, since: toInstant(sinceMs) })),
});
