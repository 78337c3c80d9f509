import type { RenewalAnswer, RenewalRequestPayload, RenewLease } from '@muster/contracts';
import { activationDeferredSchema, activationGrantedSchema, renewalAnswerSchema, renewalDeferredSchema, renewalGrantedSchema, subjects, tokenTypes, uuid } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import type { HttpReply, HttpRequest } from '@muster/service';
import { OpenRoute, traceOf } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import type { VerifiedRequest } from '@muster/trust';
import { verifyRenewalRequest } from '@muster/trust';
import { Body, Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiCreatedResponse, ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { signedRequestOf } from '../body/signed-request.js';
import { DECISION_TIMEOUT_MS } from '../decision-timeout.js';
import { arrivalOf, RepeatsPass, SignedRequests } from '../limits/index.js';

@Controller('v1/leases')
export class RenewalsController {
  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(SignedRequests) private readonly requests: SignedRequests,
  ) {}

  @Post(':leaseId/renewals')
  @OpenRoute()
  @RepeatsPass()
  @ApiOperation({
    summary: 'Renew the lease that a machine holds',
    description: `The body is a compact JWS (typ ${tokenTypes.renewalRequest}, alg EdDSA) signed by the machine's own key, with the whole lease in it, at most 16 KiB. Sending the same request again returns the recorded outcome again. The lease of another host of the same vendor and organisation is decided as an activation here.`,
  })
  @ApiConsumes('application/jose')
  @ApiBody({ schema: { type: 'string', format: 'jws' } })
  @ApiCreatedResponse({ standardSchema: z.union([renewalGrantedSchema, activationGrantedSchema]), description: 'Renewed: a new lease, which supersedes the old one; or, for the lease of another host, granted' })
  @ApiAcceptedResponse({
    standardSchema: z.union([renewalDeferredSchema, activationDeferredSchema]),
    description: 'Counted, but below the threshold: the old lease keeps running; try again after Retry-After seconds',
  })
  @ApiProblems('malformed-request', 'request-too-large', 'unsupported-media-type', 'signature-invalid', 'request-not-fresh', 'request-id-conflict', 'unknown-product')
  @ApiProblems('lease-not-trusted', 'lease-not-yours', 'lease-unknown', 'lease-expired', 'lease-released')
  @ApiProblems('wrong-host', 'product-not-covered', 'host-retired', 'host-not-activated', 'host-certificate-not-valid', 'overloaded', 'unavailable', 'clock-skew')
  async renew(
    @Param('leaseId', { schema: uuid }) leaseId: string,
    @Body() body: Buffer | undefined,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<RenewalAnswer> {
    const jws = signedRequestOf(body, request);
    const answer = await this.requests.admit('held', arrivalOf(request), { verify: () => verifyRenewalRequest(jws), decide: (verified) => this.decide(leaseId, verified, request) });
    if (answer.outcome === 'renewed' || answer.outcome === 'granted') reply.code(201);
    else reply.code(202).header('retry-after', String(answer.retryAfterSeconds));
    return answer;
  }

  private decide(leaseId: string, { machine, payload, contentDigest }: VerifiedRequest<RenewalRequestPayload>, request: HttpRequest): Promise<RenewalAnswer> {
    const command: RenewLease = {
      machine,
      requestId: payload.jti,
      leaseId,
      lease: payload.lease,
      audience: payload.aud ?? null,
      issuedAt: payload.iat,
      contentDigest,
      virtual: payload.machine.virtual,
      drawnFor: payload.drawnFor ?? null,
      hostname: payload.machine.hostname,
      address: request.ip,
    };
    return this.bus.request(subjects.leaseRenew, command, { schema: renewalAnswerSchema, timeoutMs: DECISION_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }
}
