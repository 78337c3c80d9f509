import type { ReleaseAnswer, ReleaseLease, ReleaseRequestPayload } from '@muster/contracts';
import { releaseAnswerSchema, subjects, tokenTypes, uuid } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import type { HttpRequest } from '@muster/service';
import { OpenRoute, traceOf } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import type { VerifiedRequest } from '@muster/trust';
import { verifyReleaseRequest } from '@muster/trust';
import { Body, Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { signedRequestOf } from '../body/signed-request.js';
import { DECISION_TIMEOUT_MS } from '../decision-timeout.js';
import { arrivalOf, RepeatsPass, SignedRequests } from '../limits/index.js';

@Controller('v1/leases')
export class ReleasesController {
  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(SignedRequests) private readonly requests: SignedRequests,
  ) {}

  @Post(':leaseId/releases')
  @OpenRoute()
  @RepeatsPass()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Give back the lease that a machine holds',
    description: `The body is a compact JWS (typ ${tokenTypes.releaseRequest}, alg EdDSA) signed by the machine's own key, with the whole lease in it, at most 16 KiB. The machine stays in the count until its window passes.`,
  })
  @ApiConsumes('application/jose')
  @ApiBody({ schema: { type: 'string', format: 'jws' } })
  @ApiOkResponse({ standardSchema: releaseAnswerSchema })
  @ApiProblems('malformed-request', 'request-too-large', 'unsupported-media-type', 'signature-invalid', 'request-not-fresh', 'request-id-conflict')
  @ApiProblems('lease-not-trusted', 'lease-not-yours', 'lease-unknown', 'lease-expired', 'lease-released')
  @ApiProblems('wrong-host', 'host-not-activated', 'overloaded', 'unavailable', 'clock-skew')
  release(@Param('leaseId', { schema: uuid }) leaseId: string, @Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<ReleaseAnswer> {
    const jws = signedRequestOf(body, request);
    return this.requests.admit('held', arrivalOf(request), { verify: () => verifyReleaseRequest(jws), decide: (verified) => this.decide(leaseId, verified, request) });
  }

  private decide(leaseId: string, { machine, payload, contentDigest }: VerifiedRequest<ReleaseRequestPayload>, request: HttpRequest): Promise<ReleaseAnswer> {
    const command: ReleaseLease = { machine, requestId: payload.jti, leaseId, lease: payload.lease, audience: payload.aud ?? null, issuedAt: payload.iat, contentDigest };
    return this.bus.request(subjects.leaseRelease, command, { schema: releaseAnswerSchema, timeoutMs: DECISION_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }
}
