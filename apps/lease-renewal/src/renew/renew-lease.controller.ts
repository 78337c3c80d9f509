import type { RenewalAnswer, RenewLease } from '@muster/contracts';
import { renewLeaseSchema, subjects } from '@muster/contracts';
import type { HostCredentials } from '@muster/issuance';
import { SECOND_MS } from '@muster/kernel';
import { CLOCK, METRICS, type Metrics, type ServiceClock } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CREDENTIALS, LEASE_WRITER } from '../wiring/tokens.js';
import type { LeaseWriter } from '../writer/lease-writer.js';
import { presentLease } from '../writer/present-lease.js';

/** From punctual to a week late. */
const LATENESS_BUCKETS_SECONDS = [1, 60, 900, 3600, 4 * 3600, 12 * 3600, 86_400, 3 * 86_400, 7 * 86_400];

@Controller()
export class RenewLeaseController {
  private readonly lateness: ReturnType<Metrics['histogram']>;

  constructor(
    @Inject(LEASE_WRITER) private readonly writer: LeaseWriter,
    @Inject(CREDENTIALS) private readonly credentials: HostCredentials,
    @Inject(CLOCK) private readonly clock: ServiceClock,
    @Inject(METRICS) metrics: Metrics,
  ) {
    this.lateness = metrics.histogram({ name: 'muster_renewal_lateness_seconds', help: 'From the moment that a machine drew in its window to its request', buckets: LATENESS_BUCKETS_SECONDS });
  }

  @MessagePattern(subjects.leaseRenew)
  async renew(@Payload({ schema: renewLeaseSchema }) { lease, hostname, address, ...request }: RenewLease): Promise<RenewalAnswer> {
    const presented = await presentLease(lease, this.credentials.root);
    const answer = await this.writer.renew({ request: { ...request, presented }, hostname, address });
    if (request.drawnFor !== null) this.lateness.observe(Math.max(0, this.clock.nowMs() / SECOND_MS - request.drawnFor));
    return answer;
  }
}
