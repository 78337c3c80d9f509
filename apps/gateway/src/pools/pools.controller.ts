import type { AsOf, CountAnswer, PoolsAnswer } from '@muster/contracts';
import { countAnswerSchema, dottedName, poolsAnswerSchema, subjects } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import type { HttpRequest } from '@muster/service';
import { Roles, traceOf } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { AS_OF_TIMEOUT_MS, QUERY_TIMEOUT_MS } from '../query-timeout.js';
import { parseAsOf } from './as-of.query.js';

@Controller('v1/pools')
export class PoolsController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Get()
  @Roles('viewer')
  @ApiOperation({ summary: 'List the pools with their counts and products' })
  @ApiOkResponse({ standardSchema: poolsAnswerSchema })
  @ApiProblems('host-not-activated', 'unavailable')
  list(@Req() request: HttpRequest): Promise<PoolsAnswer> {
    return this.bus.request(subjects.countingPools, {}, { schema: poolsAnswerSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }

  @Get(':pool/count')
  @Roles('viewer')
  @ApiOperation({ summary: "A pool's count, now or as of an instant or a ledger position" })
  @ApiQuery({ name: 'asOf', required: false, description: 'RFC 3339 instant, or ledger position' })
  @ApiOkResponse({ standardSchema: countAnswerSchema })
  @ApiProblems('malformed-request', 'invalid-as-of', 'not-found', 'unavailable')
  count(@Param('pool', { schema: dottedName }) pool: string, @Query('asOf') asOf: string | undefined, @Req() request: HttpRequest): Promise<CountAnswer> {
    const at: AsOf | undefined = asOf === undefined ? undefined : parseAsOf(asOf);
    return this.bus.request(subjects.countingCount, at === undefined ? { pool } : { pool, asOf: at }, {
      schema: countAnswerSchema,
      timeoutMs: AS_OF_TIMEOUT_MS,
      traceparent: traceOf(request).traceparent,
    });
  }
}
