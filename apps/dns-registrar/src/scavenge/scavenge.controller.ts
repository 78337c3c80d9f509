import type { DnsScavenged, ScavengeDns } from '@muster/contracts';
import { scavengeDnsSchema, subjects } from '@muster/contracts';
import { recordText } from '@muster/domain';
import { Problem, toInstant } from '@muster/kernel';
import { LOG, type Log } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Reconcilers } from '../reconcile/reconcilers.js';
import { CurrentDns } from '../view/current-dns.js';

/** Lists, and without `dryRun` takes away, what this deployment left behind in DNS. */
@Controller()
export class ScavengeController {
  constructor(
    @Inject(CurrentDns) private readonly current: CurrentDns,
    @Inject(Reconcilers) private readonly reconcilers: Reconcilers,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @MessagePattern(subjects.dnsScavenge)
  async scavenge(@Payload({ schema: scavengeDnsSchema }) { dryRun, actor }: ScavengeDns): Promise<DnsScavenged> {
    const meant = this.reconcilers.all.filter(({ zone }) => zone.dynamic);
    if (meant.length === 0) throw new Problem('dns-not-configured', 'No server is configured for any domain: what is left behind is removed by hand (muster dns check names it).');
    if (!dryRun) this.log.info({ actor }, 'DNS is scavenged by order');
    const runs = await Promise.all(
      meant.map(async (reconciler) => ({ domain: reconciler.domain.policy.domain, ...(await reconciler.scavenge(dryRun ? 'dry-run' : 'ordered')) })),
    );
    return {
      position: await this.current.read(({ position }) => position),
      orphans: runs.flatMap(({ orphans }) =>
        orphans.map(({ orphan: { domain, endpoint, records, renewedAtMs, dueAtMs }, outcome, detail }) => ({
          ...{ domain, endpoint, records: records.map(recordText), outcome, detail },
          ...{ renewedAt: toInstant(renewedAtMs), dueAt: toInstant(dueAtMs) },
        })),
      ),
      failures: runs.flatMap(({ domain, failure }) => (failure === null ? [] : [{ domain, failure }])),
    };
  }
}
