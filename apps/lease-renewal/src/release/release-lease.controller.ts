import type { ReleaseAnswer, ReleaseLease } from '@muster/contracts';
import { releaseLeaseSchema, subjects } from '@muster/contracts';
import type { HostCredentials } from '@muster/issuance';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CREDENTIALS, LEASE_WRITER } from '../wiring/tokens.js';
import type { LeaseWriter } from '../writer/lease-writer.js';
import { presentLease } from '../writer/present-lease.js';

@Controller()
export class ReleaseLeaseController {
  constructor(
    @Inject(LEASE_WRITER) private readonly writer: LeaseWriter,
    @Inject(CREDENTIALS) private readonly credentials: HostCredentials,
  ) {}

  @MessagePattern(subjects.leaseRelease)
  async release(@Payload({ schema: releaseLeaseSchema }) { lease, ...request }: ReleaseLease): Promise<ReleaseAnswer> {
    return this.writer.release({ request: { ...request, presented: await presentLease(lease, this.credentials.root) } });
  }
}
