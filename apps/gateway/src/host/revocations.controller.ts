import type { RevocationsAnswer, RevocationsInstalledAnswer } from '@muster/contracts';
import { revocationListOrderSchema, revocationsAnswerSchema, revocationsInstalledAnswerSchema, subjects } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import { actorOf, type HttpReply, type HttpRequest, jsonBodyOf, OpenRoute, Roles, traceOf } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { DECISION_TIMEOUT_MS } from '../decision-timeout.js';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';

/** A machine asks when it renews; between two installations of a list the answer is the same. */
const LIST_MAX_AGE_SECONDS = 300;

@Controller('v1/revocations')
export class RevocationsController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Get()
  @OpenRoute()
  @ApiOperation({ summary: "The vendor's revocation list in force here, signed by the vendor. Believe it by that signature alone" })
  @ApiOkResponse({ standardSchema: revocationsAnswerSchema })
  @ApiProblems('unavailable')
  async read(@Req() request: HttpRequest, @Res({ passthrough: true }) reply: HttpReply): Promise<RevocationsAnswer> {
    const answer = await this.bus.request(subjects.hostRevocations, {}, { schema: revocationsAnswerSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
    reply.header('cache-control', `public, max-age=${LIST_MAX_AGE_SECONDS}`);
    return answer;
  }

  @Post()
  @Roles('admin')
  @HttpCode(200)
  @ApiOperation({ summary: "Install a newer revocation list of the vendor's", description: 'A host whose own certificate or key is on it issues nothing until it is activated anew.' })
  @ApiJsonBody(revocationListOrderSchema)
  @ApiOkResponse({ standardSchema: revocationsInstalledAnswerSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'revocations-not-valid', 'unavailable', 'clock-skew', 'time-step')
  install(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<RevocationsInstalledAnswer> {
    const order = { ...jsonBodyOf(body, request, revocationListOrderSchema), actor: actorOf(request) };
    return this.bus.request(subjects.hostInstallRevocations, order, { schema: revocationsInstalledAnswerSchema, timeoutMs: DECISION_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }
}
