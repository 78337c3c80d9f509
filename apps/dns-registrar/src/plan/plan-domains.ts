import type { DnsPlan } from '@muster/contracts';
import type { PlannedWrite } from '@muster/domain';
import { recordText } from '@muster/domain';
import { CLOCK, CONFIG, type ServiceClock } from '@muster/service';
import { Inject, Injectable } from '@nestjs/common';
import type { DnsRegistrarConfig } from '../dns-registrar.config.js';
import type { DomainReconciler } from '../reconcile/domain-reconciler.js';
import { lookWithoutServers } from '../reconcile/look-without-servers.js';
import { CurrentDns } from '../view/current-dns.js';
import { configuredResolvers } from '../wiring/registrar-domains.js';

type PlannedDomain = DnsPlan['domains'][number];

const plannedChange = ({ endpoint, action, add, remove, epoch }: PlannedWrite): PlannedDomain['changes'][number] => ({ endpoint, action, add: add.map(recordText), remove: remove.map(recordText), epoch });

/** The plan of a domain by what DNS says now: its own servers where there are any, else the resolvers that clients ask. */
@Injectable()
export class PlanDomains {
  constructor(
    @Inject(CurrentDns) private readonly current: CurrentDns,
    @Inject(CLOCK) private readonly clock: ServiceClock,
    @Inject(CONFIG) private readonly config: DnsRegistrarConfig,
  ) {}

  async of(reconciler: DomainReconciler): Promise<PlannedDomain> {
    const { policy } = reconciler.domain;
    const { dynamic } = reconciler.zone;
    const outcome = dynamic
      ? await reconciler.look()
      : await lookWithoutServers(configuredResolvers(this.config), { current: this.current, policy, timing: this.config, clock: this.clock });
    const place = { domain: policy.domain, zone: policy.zone };
    if (outcome.kind === 'failed') return { ...place, server: null, changes: [], differences: [], conflicts: [], findings: [], refused: null, failure: outcome.failure };
    const { plan, findings } = outcome.value;
    return {
      ...{ ...place, server: outcome.server, differences: [...plan.differences], findings: [...findings], failure: null },
      changes: dynamic ? plan.writes.map(plannedChange) : [],
      refused: dynamic ? plan.refused : null,
      // By hand nobody claims anything: records without a claim are then no conflict.
      conflicts: plan.conflicts.filter(({ owner }) => dynamic || owner !== null),
    };
  }
}
