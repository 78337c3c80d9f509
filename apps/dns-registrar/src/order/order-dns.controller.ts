import type { DnsOrdered, OrderDns } from '@muster/contracts';
import { orderDnsSchema, subjects } from '@muster/contracts';
import { decideDnsOrder } from '@muster/domain';
import { LOG, type Log } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Reconcilers } from '../reconcile/reconcilers.js';
import type { DnsRecorder } from '../wiring/dns-recorder.js';
import { DNS_RECORDER } from '../wiring/tokens.js';

/** Records what an administrator orders about an endpoint. DNS follows the ledger by itself. */
@Controller()
export class OrderDnsController {
  constructor(
    @Inject(DNS_RECORDER) private readonly recorder: DnsRecorder,
    @Inject(Reconcilers) private readonly reconcilers: Reconcilers,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @MessagePattern(subjects.dnsOrder)
  async order(@Payload({ schema: orderDnsSchema }) { actor, ...order }: OrderDns): Promise<DnsOrdered> {
    // A domain misspelt would take the endpoint out of all that there are.
    if (order.order === 'prefer') this.reconcilers.of(order.domains ?? []);
    const answer = await this.recorder.submit<DnsOrdered>(actor, (view) => {
      const decision = decideDnsOrder(order, view.dns);
      switch (decision.kind) {
        case 'refuse':
          return decision;
        case 'known':
          return { kind: 'answer', answer: (position) => ({ recorded: false, position, endpoint: decision.endpoint }) };
        case 'record':
          return { kind: 'record', events: [decision.event], answer: (position) => ({ recorded: true, position, endpoint: decision.event.data.endpoint }) };
        default:
          return decision satisfies never;
      }
    });
    this.log.info({ actor, order: order.order, ...answer }, 'order about an endpoint');
    return answer;
  }
}
