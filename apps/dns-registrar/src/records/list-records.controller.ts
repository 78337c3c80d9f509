import type { DnsRecords, ListDnsRecords } from '@muster/contracts';
import { listDnsRecordsSchema, subjects } from '@muster/contracts';
import { recordText, wantedIn } from '@muster/domain';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Reconcilers } from '../reconcile/reconcilers.js';
import { CurrentDns } from '../view/current-dns.js';
import { isServing } from '../view/dns-view.fold.js';

/** What is to stand in DNS, exactly: for people who enter it by hand. */
@Controller()
export class ListRecordsController {
  constructor(
    @Inject(CurrentDns) private readonly current: CurrentDns,
    @Inject(Reconcilers) private readonly reconcilers: Reconcilers,
  ) {}

  @MessagePattern(subjects.dnsRecords)
  list(@Payload({ schema: listDnsRecordsSchema }) { domains }: ListDnsRecords): Promise<DnsRecords> {
    const policies = this.reconcilers.of(domains).map(({ domain }) => domain.policy);
    return this.current.read(({ view, position }) => ({
      position,
      records: policies.flatMap((policy) => {
        const { byEndpoint } = wantedIn({ state: view.dns, policy, serving: isServing(view) });
        const place = { domain: policy.domain, zone: policy.zone };
        return [...byEndpoint].flatMap(([endpoint, records]) => records.map((record) => ({ ...recordText(record), ...place, endpoint })));
      }),
    }));
  }
}
