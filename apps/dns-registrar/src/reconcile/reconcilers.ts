import { Problem } from '@muster/kernel';
import type { DomainReconciler } from './domain-reconciler.js';

/** The reconcilers of all domains that this service is configured for. */
export class Reconcilers {
  constructor(readonly all: readonly DomainReconciler[]) {}

  /** @throws Problem `dns-domain-unknown` */
  of(domains: readonly string[] | undefined): readonly DomainReconciler[] {
    if (domains === undefined) return this.all;
    return domains.map((name) => {
      const found = this.all.find(({ domain }) => domain.policy.domain === name);
      if (found === undefined) throw new Problem('dns-domain-unknown', `The registrar is not configured for ${name}.`);
      return found;
    });
  }
}
