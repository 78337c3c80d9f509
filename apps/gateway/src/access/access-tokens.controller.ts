import type { AccessTokenCreatedAnswer, AccessTokenRevokedAnswer, AccessTokensPage, RecordAccessToken } from '@muster/contracts';
import {
  accessTokenCreatedAnswerSchema,
  accessTokenRecordedSchema,
  accessTokenRevokedAnswerSchema,
  accessTokensPageSchema,
  createAccessTokenSchema,
  LISTING_PAGE_MAX,
  listAccessTokensSchema,
  position,
  roles,
  subjects,
  TOKEN_SECONDS_MAX,
  uuid,
} from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import type { HttpReply, HttpRequest } from '@muster/service';
import { actorOf, JSON_TYPE, jsonBodyOf, Roles, traceOf } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Body, Controller, Delete, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { z } from 'zod';
import { DECISION_TIMEOUT_MS } from '../decision-timeout.js';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';
import { newAccessToken } from './new-access-token.js';

const querySchema = listAccessTokensSchema.extend({
  after: z.coerce.number().pipe(position).optional(),
  limit: z.coerce.number().pipe(listAccessTokensSchema.shape.limit.unwrap()).default(100),
});

const orderBody = {
  type: 'object' as const,
  required: ['role'],
  additionalProperties: false,
  properties: {
    role: { type: 'string' as const, enum: [...roles] },
    expiresInSeconds: { type: 'integer' as const, minimum: 1, maximum: TOKEN_SECONDS_MAX, description: 'never, when left out' },
    note: { type: 'string' as const, maxLength: 200, description: 'whom it is for; kept beside the ledger, and erasable' },
  },
};

@Controller('v1/access-tokens')
export class AccessTokensController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Post()
  @Roles('admin')
  @ApiOperation({ summary: 'Make an access token of a role. It is shown in this answer and never again: only its hash is kept' })
  @ApiConsumes(JSON_TYPE)
  @ApiBody({ schema: orderBody })
  @ApiCreatedResponse({ standardSchema: accessTokenCreatedAnswerSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async create(@Body() body: Buffer | undefined, @Req() request: HttpRequest, @Res({ passthrough: true }) reply: HttpReply): Promise<AccessTokenCreatedAnswer> {
    const { role, expiresInSeconds = null, note = null } = jsonBodyOf(body, request, createAccessTokenSchema);
    const { token, tokenHash } = newAccessToken();
    const order: RecordAccessToken = { tokenHash, role, expiresInSeconds, note, actor: actorOf(request) };
    const recorded = await this.bus.request(subjects.accessCreate, order, { schema: accessTokenRecordedSchema, timeoutMs: DECISION_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
    reply.header('cache-control', 'no-store');
    return { ...recorded, token };
  }

  @Get()
  @Roles('auditor')
  @ApiOperation({ summary: 'List the access tokens in the order that they were made. Go on with after = the `next` that you got' })
  @ApiQuery({ name: 'after', required: false, description: 'The `next` of the page before' })
  @ApiQuery({ name: 'limit', required: false, description: `1 to ${LISTING_PAGE_MAX}` })
  @ApiOkResponse({ standardSchema: accessTokensPageSchema })
  @ApiProblems('malformed-request', 'unavailable')
  list(@Query({ schema: querySchema }) query: z.infer<typeof querySchema>, @Req() request: HttpRequest): Promise<AccessTokensPage> {
    return this.bus.request(subjects.accessList, query, { schema: accessTokensPageSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }

  @Delete(':tokenId')
  @Roles('admin')
  @ApiOperation({ summary: 'Revoke an access token: it is refused everywhere within five seconds. Revoked twice, it is revoked once' })
  @ApiOkResponse({ standardSchema: accessTokenRevokedAnswerSchema })
  @ApiProblems('malformed-request', 'not-found', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  revoke(@Param('tokenId', { schema: uuid }) tokenId: string, @Req() request: HttpRequest): Promise<AccessTokenRevokedAnswer> {
    const order = { tokenId, actor: actorOf(request) };
    return this.bus.request(subjects.accessRevoke, order, { schema: accessTokenRevokedAnswerSchema, timeoutMs: DECISION_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }
}
