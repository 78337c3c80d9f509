import type { ActivationAnswer, RequestActivation } from '@muster/contracts';
import { requestActivationSchema, subjects } from '@muster/contracts';
import type { LedgerWriter } from '@muster/event-store';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ACTIVATION_WRITER } from '../wiring/tokens.js';

@Controller()
export class RequestActivationController {
  constructor(@Inject(ACTIVATION_WRITER) private readonly writer: LedgerWriter<RequestActivation, ActivationAnswer>) {}

  @MessagePattern(subjects.activationRequest)
  request(@Payload({ schema: requestActivationSchema }) command: RequestActivation): Promise<ActivationAnswer> {
    return this.writer.submit(command);
  }
}
