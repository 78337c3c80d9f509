import type { InstallationAnswer, InstallationRequestPayload, InstallationsPage, RequestProxy } from '@muster/contracts';
import {
  INSTALLATIONS_PAGE_MAX,
  installationAnswerSchema,
  installationsPageSchema,
  leaveInstallationSchema,
  listInstallationsSchema,
  subjects,
  tokenTypes,
} from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import type { HttpReply, HttpRequest } from '@muster/service';
import { jsonBodyOf, OpenRoute, Roles, traceOf } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import type { VerifiedRequest } from '@muster/trust';
import { digestOf, verifyInstallationRequest } from '@muster/trust';
import { Body, Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { z } from 'zod';
import { DECISION_TIMEOUT_MS } from '../decision-timeout.js';
import { arrivalOf, RepeatsPass, SignedRequests } from '../limits/index.js';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';

const querySchema = listInstallationsSchema.extend({
  limit: z.coerce.number().pipe(listInstallationsSchema.shape.limit.unwrap()).default(100),
  personal: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
});

interface Left {
  readonly request: string;
  readonly hostname: string | null;
  readonly address: string | null;
}

/** What isolated machines leave for somebody to take to the vendor's authority (S17). */
@Controller('v1/installation-requests')
export class InstallationRequestsController {
  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(SignedRequests) private readonly requests: SignedRequests,
  ) {}

  @Post()
  @OpenRoute()
  @RepeatsPass()
  @ApiOperation({
    summary: 'Leave an installation request for somebody who reaches the authority, and fetch the answer',
    description: `\`request\` is a compact JWS (typ ${tokenTypes.installationRequest}, alg EdDSA) signed by the machine's own key; no key is in it. A machine has one open request a product. The same request again gets the permanent lease once it was handed back here; nobody else learns of it.`,
  })
  @ApiJsonBody(leaveInstallationSchema)
  @ApiOkResponse({ standardSchema: installationAnswerSchema.options[1], description: 'The permanent lease' })
  @ApiAcceptedResponse({ standardSchema: installationAnswerSchema.options[0], description: 'It waits here: ask again after Retry-After seconds' })
  @ApiProblems('malformed-request', 'request-too-large', 'unsupported-media-type', 'signature-invalid', 'request-id-conflict', 'unknown-product')
  @ApiProblems('host-retired', 'host-not-activated', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async leave(@Body() body: Buffer | undefined, @Req() request: HttpRequest, @Res({ passthrough: true }) reply: HttpReply): Promise<InstallationAnswer> {
    const { request: jws, hostname = null } = jsonBodyOf(body, request, leaveInstallationSchema);
    const left = { request: jws, hostname, address: request.ip };
    const answer = await this.requests.admit('new', arrivalOf(request), { verify: () => verifyInstallationRequest(jws), decide: (verified) => this.decide(verified, left, request) });
    if (answer.outcome === 'waiting') reply.code(202).header('retry-after', String(answer.retryAfterSeconds));
    else reply.code(200);
    return answer;
  }

  @Get()
  @Roles('operator')
  @ApiOperation({ summary: 'List the installation requests that wait, by machine. Go on with after = the `next` that you got' })
  @ApiQuery({ name: 'after', required: false, description: 'The `next` of the page before' })
  @ApiQuery({ name: 'limit', required: false, description: `1 to ${INSTALLATIONS_PAGE_MAX}` })
  @ApiQuery({ name: 'product', required: false })
  @ApiQuery({ name: 'personal', required: false, enum: ['true', 'false'], description: 'With host names' })
  @ApiOkResponse({ standardSchema: installationsPageSchema })
  @ApiProblems('malformed-request', 'unavailable')
  list(@Query({ schema: querySchema }) query: z.infer<typeof querySchema>, @Req() request: HttpRequest): Promise<InstallationsPage> {
    return this.bus.request(subjects.proxyList, query, { schema: installationsPageSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }

  private decide({ machine, payload }: VerifiedRequest<InstallationRequestPayload>, left: Left, request: HttpRequest): Promise<InstallationAnswer> {
    const command: RequestProxy = { machine, product: payload.product, requestId: payload.jti, requestDigest: digestOf(left.request), ...left };
    return this.bus.request(subjects.proxyRequest, command, { schema: installationAnswerSchema, timeoutMs: DECISION_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }
}
