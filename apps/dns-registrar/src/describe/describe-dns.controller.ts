import type { DnsDescription } from '@muster/contracts';
import { describeDnsSchema, subjects } from '@muster/contracts';
import { CLOCK, CONFIG, type ServiceClock } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { DnsRegistrarConfig } from '../dns-registrar.config.js';
import { Reconcilers } from '../reconcile/reconcilers.js';
import { CurrentDns } from '../view/current-dns.js';
import { isServing } from '../view/dns-view.fold.js';
import { Heard } from '../view/heard.js';
import { describeDomain } from './describe-domain.js';
import { describeEndpoint } from './describe-endpoint.js';

@Controller()
export class DescribeDnsController {
  constructor(
    @Inject(CurrentDns) private readonly current: CurrentDns,
    @Inject(Reconcilers) private readonly reconcilers: Reconcilers,
    @Inject(Heard) private readonly heard: Heard,
    @Inject(CLOCK) private readonly clock: ServiceClock,
    @Inject(CONFIG) private readonly config: DnsRegistrarConfig,
  ) {}

  @MessagePattern(subjects.dnsDescribe)
  describe(@Payload({ schema: describeDnsSchema }) _query: object): Promise<DnsDescription> {
    const heardAtMs = (endpoint: string): number | null => {
      const hearing = this.heard.byEndpoint.get(endpoint);
      return hearing === undefined ? null : this.clock.nowMs() - (performance.now() - hearing.lastHeardMs);
    };
    return this.current.read(({ view, position, deployment }) => ({
      ...{ position, deployment, serving: isServing(view), label: this.config.label },
      endpoints: [...view.dns.endpoints.values()].map((endpoint) => describeEndpoint(endpoint, view.dns, heardAtMs(endpoint.facts.endpoint))),
      domains: this.reconcilers.all.map((reconciler) => describeDomain(reconciler, view.dns)),
    }));
  }
}
