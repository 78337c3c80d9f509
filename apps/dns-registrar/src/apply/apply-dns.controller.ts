import type { ApplyDns, DnsApplied } from '@muster/contracts';
import { applyDnsSchema, subjects } from '@muster/contracts';
import { Problem } from '@muster/kernel';
import { LOG, type Log } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Reconcilers } from '../reconcile/reconcilers.js';
import { CurrentDns } from '../view/current-dns.js';

/** Makes DNS what is wanted now, with an administrator's word for once on how much may go. */
@Controller()
export class ApplyDnsController {
  constructor(
    @Inject(CurrentDns) private readonly current: CurrentDns,
    @Inject(Reconcilers) private readonly reconcilers: Reconcilers,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @MessagePattern(subjects.dnsApply)
  async apply(@Payload({ schema: applyDnsSchema }) { domains, deleteShareMax, actor }: ApplyDns): Promise<DnsApplied> {
    const meant = this.reconcilers.of(domains).filter(({ zone }) => zone.dynamic);
    if (meant.length === 0) throw new Problem('dns-not-configured', 'No server is configured for any of these domains: enter the records by hand (muster dns records).');
    this.log.info({ actor, domains: meant.map(({ domain }) => domain.policy.domain), deleteShareMax }, 'DNS is applied by order');
    const applied = await Promise.all(
      meant.map(async (reconciler) => {
        const { made, look, failure } = await reconciler.reconcile({ insist: true, deleteShareMax });
        const { conflicts, refused } = look?.plan ?? { conflicts: [], refused: null };
        return { domain: reconciler.domain.policy.domain, changes: [...made], conflicts: [...conflicts], refused, failure };
      }),
    );
    return { position: await this.current.read(({ position }) => position), domains: applied };
  }
}
