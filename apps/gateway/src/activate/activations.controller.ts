import type { ActivationAnswer } from '@muster/contracts';
import { activationDeferredSchema, activationGrantedSchema, tokenTypes } from '@muster/contracts';
import type { HttpReply, HttpRequest } from '@muster/service';
import { OpenRoute } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiCreatedResponse, ApiOperation } from '@nestjs/swagger';
import { signedRequestOf } from '../body/signed-request.js';
import { arrivalOf, RepeatsPass } from '../limits/index.js';
import { SubmitActivation } from './submit-activation.js';

@Controller('v1/activations')
export class ActivationsController {
  constructor(@Inject(SubmitActivation) private readonly activation: SubmitActivation) {}

  @Post()
  @OpenRoute()
  @RepeatsPass()
  @ApiOperation({
    summary: 'Activate a product on a machine',
    description: `The body is a compact JWS (typ ${tokenTypes.activationRequest}, alg EdDSA) signed by the machine's own key, at most 16 KiB. Sending the same request again returns the recorded outcome again.`,
  })
  @ApiConsumes('application/jose')
  @ApiBody({ schema: { type: 'string', format: 'jws' } })
  @ApiCreatedResponse({ standardSchema: activationGrantedSchema, description: 'Granted: the lease' })
  @ApiAcceptedResponse({ standardSchema: activationDeferredSchema, description: 'Counted, but below the threshold: try again after Retry-After seconds' })
  @ApiProblems('malformed-request', 'request-too-large', 'unsupported-media-type', 'signature-invalid', 'request-not-fresh', 'request-id-conflict', 'unknown-product')
  @ApiProblems('wrong-host', 'product-not-covered', 'host-retired', 'host-not-activated', 'host-certificate-not-valid', 'qualification-missing', 'enrolment-not-valid', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async activate(@Body() body: Buffer | undefined, @Req() request: HttpRequest, @Res({ passthrough: true }) reply: HttpReply): Promise<ActivationAnswer> {
    const answer = await this.activation.submit(signedRequestOf(body, request), arrivalOf(request));
    if (answer.outcome === 'granted') reply.code(201);
    else reply.code(202).header('retry-after', String(answer.retryAfterSeconds));
    return answer;
  }
}
