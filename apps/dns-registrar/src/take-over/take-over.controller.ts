import type { DnsTakenOver, TakeOverDns } from '@muster/contracts';
import { subjects, takeOverDnsSchema } from '@muster/contracts';
import { decideTakeOver, standKey } from '@muster/domain';
import { LOG, type Log } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Reconcilers } from '../reconcile/reconcilers.js';
import type { DnsRecorder } from '../wiring/dns-recorder.js';
import { DNS_RECORDER } from '../wiring/tokens.js';

/** Records that what stands in the way of an endpoint may be replaced: exactly what this owner left there, and nothing that comes after it. */
@Controller()
export class TakeOverController {
  constructor(
    @Inject(DNS_RECORDER) private readonly recorder: DnsRecorder,
    @Inject(Reconcilers) private readonly reconcilers: Reconcilers,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @MessagePattern(subjects.dnsTakeOver)
  async takeOver(@Payload({ schema: takeOverDnsSchema }) { actor, ...order }: TakeOverDns): Promise<DnsTakenOver> {
    const { domain } = order;
    this.reconcilers.of([domain]);
    const answer = await this.recorder.submit<DnsTakenOver>(actor, ({ dns }) => {
      const decision = decideTakeOver(order, dns);
      switch (decision.kind) {
        case 'refuse':
          return decision;
        case 'known': {
          const { endpoint } = decision;
          const owner = dns.takeOvers.get(standKey({ domain, endpoint }))?.owner ?? null;
          return { kind: 'answer', answer: (position) => ({ recorded: false, position, endpoint, domain, owner }) };
        }
        case 'record': {
          const { endpoint, owner } = decision.event.data;
          return { kind: 'record', events: [decision.event], answer: (position) => ({ recorded: true, position, endpoint, domain, owner }) };
        }
        default:
          return decision satisfies never;
      }
    });
    this.log.warn({ actor, ...answer }, 'records of another owner are taken over');
    return answer;
  }
}
