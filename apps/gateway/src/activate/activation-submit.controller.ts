import type { ActivationAnswer } from '@muster/contracts';
import { subjects } from '@muster/contracts';
import { type BusContext, RAW } from '@muster/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { SubmitActivation } from './submit-activation.js';

/** The same signed request over NATS, for an organisation's own services. */
@Controller()
export class ActivationSubmitController {
  constructor(@Inject(SubmitActivation) private readonly activation: SubmitActivation) {}

  @MessagePattern(subjects.activationSubmit, RAW)
  submit(@Payload() jws: Uint8Array, @Ctx() context: BusContext): Promise<ActivationAnswer> {
    return this.activation.submit(jws, { address: null, beyondSeconds: undefined, traceparent: context.traceparent });
  }
}
