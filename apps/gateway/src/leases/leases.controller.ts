import type { LeasesPage, ReleaseAnswer } from '@muster/contracts';
import { forceReleaseSchema, leasesPageSchema, leaseStandings, LISTING_PAGE_MAX, listLeasesSchema, releaseAnswerSchema, subjects, uuid } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import { actorOf, type HttpRequest, JSON_TYPE, jsonBodyOf, Roles, traceOf } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { z } from 'zod';
import { DECISION_TIMEOUT_MS } from '../decision-timeout.js';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';

const querySchema = listLeasesSchema.extend({ limit: z.coerce.number().pipe(listLeasesSchema.shape.limit.unwrap()).default(100) });

const orderSchema = forceReleaseSchema.pick({ reason: true });

@Controller('v1/leases')
export class LeasesController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Get()
  @Roles('viewer')
  @ApiOperation({ summary: 'List the latest lease of each machine for each product, by lease id. Go on with after = the `next` that you got' })
  @ApiQuery({ name: 'after', required: false, description: 'The `next` of the page before' })
  @ApiQuery({ name: 'limit', required: false, description: `1 to ${LISTING_PAGE_MAX}` })
  @ApiQuery({ name: 'product', required: false })
  @ApiQuery({ name: 'machine', required: false, description: 'Machine id' })
  @ApiQuery({ name: 'standing', required: false, enum: leaseStandings })
  @ApiOkResponse({ standardSchema: leasesPageSchema })
  @ApiProblems('malformed-request', 'unavailable')
  list(@Query({ schema: querySchema }) query: z.infer<typeof querySchema>, @Req() request: HttpRequest): Promise<LeasesPage> {
    return this.bus.request(subjects.leaseList, query, { schema: leasesPageSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }

  @Post(':leaseId/force-releases')
  @Roles('operator')
  @HttpCode(200)
  @ApiOperation({ summary: 'End a lease whose machine will not give it back. The machine itself learns of it when it next renews' })
  @ApiConsumes(JSON_TYPE)
  @ApiBody({ schema: { type: 'object', required: ['reason'], additionalProperties: false, properties: { reason: { type: 'string', enum: orderSchema.shape.reason.options } } } })
  @ApiOkResponse({ standardSchema: releaseAnswerSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'lease-unknown', 'lease-expired', 'lease-released', 'host-not-activated', 'overloaded', 'unavailable', 'clock-skew')
  forceRelease(@Param('leaseId', { schema: uuid }) leaseId: string, @Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<ReleaseAnswer> {
    const order = { leaseId, reason: jsonBodyOf(body, request, orderSchema).reason, actor: actorOf(request) };
    return this.bus.request(subjects.leaseForceRelease, order, { schema: releaseAnswerSchema, timeoutMs: DECISION_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }
}
