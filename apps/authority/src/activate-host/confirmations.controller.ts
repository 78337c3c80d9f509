import type { HostActivationAnswer } from '@muster/contracts';
import { confirmHostSchema, hostActivationAnswerSchema } from '@muster/contracts';
import { actorOf, type HttpRequest, Roles } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { Body, Controller, Inject, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation } from '@nestjs/swagger';
import { privateBodyOf } from '../body/private-body.js';
import { SubmitHostActivation } from './submit-host-activation.js';

@Controller('v1/confirmations')
export class ConfirmationsController {
  constructor(@Inject(SubmitHostActivation) private readonly activation: SubmitHostActivation) {}

  @Post()
  @Roles('operator')
  @ApiOperation({
    summary: 'Activate a host by hand: from its request in a file, or from its installation code as it was read out',
    description: 'A code that is read out has no request id of its own: send one, and the same again returns the same confirmation and uses nothing up.',
  })
  @ApiJsonBody(confirmHostSchema)
  @ApiCreatedResponse({ standardSchema: hostActivationAnswerSchema })
  @ApiProblems('malformed-request', 'request-too-large', 'unsupported-media-type', 'signature-invalid', 'key-misread', 'code-misread', 'key-unknown', 'key-revoked', 'policies-not-valid')
  @ApiProblems('request-id-conflict', 'hosts-exhausted', 'activations-exhausted', 'host-revoked', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  confirm(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<HostActivationAnswer> {
    const order = privateBodyOf(body, request, confirmHostSchema);
    const actor = actorOf(request);
    if ('request' in order) return this.activation.signed({ key: order.key, signed: order.request, way: 'file', actor });
    return this.activation.spoken({ key: order.key, installationCode: order.installationCode, requestId: order.requestId ?? null, actor });
  }
}
