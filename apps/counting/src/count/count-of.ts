import type { CountAnswer, PoolsAnswer } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { countAt, countUnder, coversProduct } from '@muster/domain';
import { Problem, toInstant } from '@muster/kernel';
import type { ViewAt } from '../view/view-at.js';

const claimsOf = (host: HostState) => (host.status === 'not-activated' ? undefined : host.certificate.claims);

/** @throws Problem `not-found` when no certificate in force there has the pool */
export const countOf = (pool: string, { view, position, atMs, final }: ViewAt): CountAnswer => {
  const policy = claimsOf(view.host)?.pools.find(({ name }) => name === pool);
  const counted = view.counts.get(pool);
  if (policy === undefined || counted === undefined) throw new Problem('not-found', `The host's certificate at position ${position} has no pool ${pool}.`);
  const counts = countAt(counted, atMs);
  return { pool, count: countUnder(policy, counts), ...counts, position, asOf: toInstant(atMs), final };
};

/** @throws Problem `host-not-activated` */
export const poolsOf = (at: ViewAt): PoolsAnswer => {
  const claims = claimsOf(at.view.host);
  if (claims === undefined) throw new Problem('host-not-activated', 'The host has no certificate from the vendor yet.');
  return {
    pools: claims.pools.map(({ name, countWindowSeconds, countVirtualMachines, countOnlyEnrolled }) => ({
      ...countOf(name, at),
      countWindowSeconds,
      countVirtualMachines,
      ...(countOnlyEnrolled === undefined ? {} : { countOnlyEnrolled }),
      products: claims.products
        .filter((product) => product.pool === name)
        .map((product) => ({ name: product.name, threshold: product.threshold, covered: coversProduct(claims, product) })),
    })),
  };
};
