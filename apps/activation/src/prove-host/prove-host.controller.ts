import type { HostProofAnswer, HostProofRequest } from '@muster/contracts';
import { hostProofRequestSchema, subjects } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import type { Follower } from '@muster/event-store';
import type { HostSigner } from '@muster/issuance';
import { Problem } from '@muster/kernel';
import { CLOCK, type ServiceClock } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { HOST_FOLLOWER, HOST_SIGNER } from '../wiring/tokens.js';
import { proveHost } from './prove-host.js';

/** Shows machines that found the host by DNS, before they tell it anything, that the vendor certified it. */
@Controller()
export class ProveHostController {
  constructor(
    @Inject(HOST_FOLLOWER) private readonly follower: Follower<HostState>,
    @Inject(HOST_SIGNER) private readonly signer: HostSigner,
    @Inject(CLOCK) private readonly clock: ServiceClock,
  ) {}

  /** From what this replica has read, not from the head: whoever asks is anybody, and may not cost the store anything. */
  @MessagePattern(subjects.hostProve)
  async prove(@Payload({ schema: hostProofRequestSchema }) { nonce }: HostProofRequest): Promise<HostProofAnswer> {
    if (!this.follower.status.reachedHead) throw new Problem('unavailable', 'The ledger is not read yet.');
    return { proof: await proveHost({ host: this.follower.state, signer: this.signer, nonce, nowMs: this.clock.nowMs() }) };
  }
}
