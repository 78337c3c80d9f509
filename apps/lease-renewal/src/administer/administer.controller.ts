import type { ForceRelease, ReleaseAnswer, RetireAnswer, RetireMachine } from '@muster/contracts';
import { forceReleaseSchema, retireMachineSchema, subjects } from '@muster/contracts';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { LEASE_WRITER } from '../wiring/tokens.js';
import type { LeaseWriter } from '../writer/lease-writer.js';

/** What an administrator does to leases and machines; that it is one, the gateway has checked. */
@Controller()
export class AdministerController {
  constructor(@Inject(LEASE_WRITER) private readonly writer: LeaseWriter) {}

  @MessagePattern(subjects.leaseForceRelease)
  forceRelease(@Payload({ schema: forceReleaseSchema }) order: ForceRelease): Promise<ReleaseAnswer> {
    return this.writer.forceRelease(order);
  }

  @MessagePattern(subjects.machineRetire)
  retire(@Payload({ schema: retireMachineSchema }) order: RetireMachine): Promise<RetireAnswer> {
    return this.writer.retire(order);
  }
}
