import type { HostStatistics } from '@muster/contracts';
import { hostStatisticsSchema, statisticsAnswerSchema, subjects } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import { type HttpRequest, Roles, traceOf } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Controller, Get, Inject, Req } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';

@Controller('v1/statistics')
export class StatisticsController {
  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(HttpAdapterHost) private readonly http: HttpAdapterHost,
  ) {}

  @Get()
  @Roles('viewer')
  @ApiOperation({ summary: 'Totals of all requests on record, by outcome and by what the machine was when it asked; and where this gateway listens' })
  @ApiOkResponse({ standardSchema: hostStatisticsSchema })
  @ApiProblems('unavailable')
  async read(@Req() request: HttpRequest): Promise<HostStatistics> {
    const totals = await this.bus.request(subjects.statisticsRead, {}, { schema: statisticsAnswerSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
    // As the sockets say, not the settings: a name may stand for several addresses, and port 0 for any.
    const listening = this.http.httpAdapter.getInstance<FastifyInstance>().addresses();
    return { ...totals, listening: listening.flatMap((each) => (typeof each === 'string' ? [] : [{ address: each.address, port: each.port }])) };
  }
}
