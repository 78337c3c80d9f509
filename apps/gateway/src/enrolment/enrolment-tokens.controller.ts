import type { CreateEnrolmentToken, EnrolmentTokenEntry, EnrolmentTokenMade, EnrolmentTokensPage } from '@muster/contracts';
import {
  enrolmentTokenEntrySchema,
  enrolmentTokenMadeSchema,
  enrolmentTokensPageSchema,
  LISTING_PAGE_MAX,
  listEnrolmentTokensSchema,
  makeEnrolmentTokenSchema,
  subjects,
  uuid,
} from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import type { HttpReply, HttpRequest } from '@muster/service';
import { actorOf, jsonBodyOf, Roles, traceOf } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { newEnrolmentToken } from '@muster/trust';
import { Body, Controller, Delete, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { z } from 'zod';
import { DECISION_TIMEOUT_MS } from '../decision-timeout.js';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';

const querySchema = listEnrolmentTokensSchema.extend({ limit: z.coerce.number().pipe(listEnrolmentTokensSchema.shape.limit.unwrap()).default(100) });

@Controller('v1/enrolment-tokens')
export class EnrolmentTokensController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Post()
  @Roles('operator')
  @ApiOperation({
    summary: 'Make a token by which machines enrol, for pools that count only enrolled machines',
    description: 'It is shown in this answer and never again: the ledger keeps its public half, by which nobody can enrol.',
  })
  @ApiJsonBody(makeEnrolmentTokenSchema)
  @ApiCreatedResponse({ standardSchema: enrolmentTokenMadeSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async create(@Body() body: Buffer | undefined, @Req() request: HttpRequest, @Res({ passthrough: true }) reply: HttpReply): Promise<EnrolmentTokenMade> {
    const terms = jsonBodyOf(body, request, makeEnrolmentTokenSchema);
    // Made here, where it is shown: on the bus and in the ledger there is only its public half.
    const { text, key } = newEnrolmentToken();
    const order: CreateEnrolmentToken = { ...terms, tokenKey: key, actor: actorOf(request) };
    const entry = await this.bus.request(subjects.enrolmentCreate, order, { schema: enrolmentTokenEntrySchema, timeoutMs: DECISION_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
    reply.header('cache-control', 'no-store');
    return { ...entry, token: text };
  }

  @Get()
  @Roles('operator')
  @ApiOperation({ summary: 'List the enrolment tokens, by token id, with what is left of each. Go on with after = the `next` that you got' })
  @ApiQuery({ name: 'after', required: false, description: 'The `next` of the page before' })
  @ApiQuery({ name: 'limit', required: false, description: `1 to ${LISTING_PAGE_MAX}` })
  @ApiOkResponse({ standardSchema: enrolmentTokensPageSchema })
  @ApiProblems('malformed-request', 'unavailable')
  list(@Query({ schema: querySchema }) query: z.infer<typeof querySchema>, @Req() request: HttpRequest): Promise<EnrolmentTokensPage> {
    return this.bus.request(subjects.enrolmentList, query, { schema: enrolmentTokensPageSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }

  @Delete(':tokenId')
  @Roles('operator')
  @ApiOperation({ summary: 'Revoke an enrolment token: it enrols nobody any more. Whoever enrolled by it stays enrolled' })
  @ApiOkResponse({ standardSchema: enrolmentTokenEntrySchema })
  @ApiProblems('malformed-request', 'not-found', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  revoke(@Param('tokenId', { schema: uuid }) tokenId: string, @Req() request: HttpRequest): Promise<EnrolmentTokenEntry> {
    const order = { tokenId, actor: actorOf(request) };
    return this.bus.request(subjects.enrolmentRevoke, order, { schema: enrolmentTokenEntrySchema, timeoutMs: DECISION_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }
}
