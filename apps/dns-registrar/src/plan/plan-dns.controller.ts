import type { DnsPlan, PlanDns } from '@muster/contracts';
import { planDnsSchema, subjects } from '@muster/contracts';
import { isProblem } from '@muster/kernel';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Reconcilers } from '../reconcile/reconcilers.js';
import { CurrentDns } from '../view/current-dns.js';
import { PlanDomains } from './plan-domains.js';

/** Asks DNS, and says what would be changed. */
@Controller()
export class PlanDnsController {
  constructor(
    @Inject(CurrentDns) private readonly current: CurrentDns,
    @Inject(Reconcilers) private readonly reconcilers: Reconcilers,
    @Inject(PlanDomains) private readonly planned: PlanDomains,
  ) {}

  @MessagePattern(subjects.dnsPlan)
  async plan(@Payload({ schema: planDnsSchema }) { domains }: PlanDns): Promise<DnsPlan> {
    const reconcilers = this.reconcilers.of(domains);
    const position = await this.current.read((at) => at.position);
    try {
      return { position, domains: await Promise.all(reconcilers.map((reconciler) => this.planned.of(reconciler))) };
    } catch (error) {
      // The ledger is empty: nothing is wanted anywhere.
      if (isProblem(error, 'host-not-activated')) return { position, domains: [] };
      throw error;
    }
  }
}
