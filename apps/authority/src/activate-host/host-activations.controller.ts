import type { HostActivationAnswer } from '@muster/contracts';
import { hostActivationAnswerSchema, hostActivationSchema } from '@muster/contracts';
import { type HttpRequest, OpenRoute } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { Body, Controller, Inject, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation } from '@nestjs/swagger';
import { privateBodyOf } from '../body/private-body.js';
import { SubmitHostActivation } from './submit-host-activation.js';

@Controller('v1/host-activations')
export class HostActivationsController {
  constructor(@Inject(SubmitHostActivation) private readonly activation: SubmitHostActivation) {}

  @Post()
  @OpenRoute()
  @ApiOperation({
    summary: 'Activate a host',
    description: 'The host key, and a request signed by the key pair of the host. Sending the same request again returns the same confirmation and uses nothing up. A refusal is not final: once a limit is raised, the same request is granted.',
  })
  @ApiJsonBody(hostActivationSchema)
  @ApiCreatedResponse({ standardSchema: hostActivationAnswerSchema })
  @ApiProblems('malformed-request', 'request-too-large', 'unsupported-media-type', 'forbidden', 'signature-invalid', 'key-misread', 'key-unknown', 'key-revoked', 'policies-not-valid', 'request-id-conflict')
  @ApiProblems('hosts-exhausted', 'activations-exhausted', 'host-revoked', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  activate(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<HostActivationAnswer> {
    const { key, request: signed } = privateBodyOf(body, request, hostActivationSchema);
    return this.activation.signed({ key, signed, way: 'online', actor: 'service:authority' });
  }
}
