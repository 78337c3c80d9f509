import type { MachinesPage, RetireAnswer } from '@muster/contracts';
import { LISTING_PAGE_MAX, listMachinesSchema, machinesPageSchema, retireAnswerSchema, retireMachineSchema, subjects, thumbprint } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import { actorOf, type HttpRequest, JSON_TYPE, jsonBodyOf, Roles, traceOf } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { z } from 'zod';
import { DECISION_TIMEOUT_MS } from '../decision-timeout.js';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';

const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

const querySchema = listMachinesSchema.extend({ limit: z.coerce.number().pipe(listMachinesSchema.shape.limit.unwrap()).default(100), virtual: flag, counted: flag });

const orderSchema = retireMachineSchema.pick({ reason: true });

@Controller('v1/machines')
export class MachinesController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Get()
  @Roles('viewer')
  @ApiOperation({ summary: 'List the machines that the pools remember, by machine id. Go on with after = the `next` that you got' })
  @ApiQuery({ name: 'after', required: false, description: 'The `next` of the page before' })
  @ApiQuery({ name: 'limit', required: false, description: `1 to ${LISTING_PAGE_MAX}` })
  @ApiQuery({ name: 'pool', required: false })
  @ApiQuery({ name: 'virtual', required: false, enum: ['true', 'false'] })
  @ApiQuery({ name: 'counted', required: false, enum: ['true', 'false'], description: 'Seen inside the count window' })
  @ApiOkResponse({ standardSchema: machinesPageSchema })
  @ApiProblems('malformed-request', 'unavailable')
  list(@Query({ schema: querySchema }) query: z.infer<typeof querySchema>, @Req() request: HttpRequest): Promise<MachinesPage> {
    return this.bus.request(subjects.machineList, query, { schema: machinesPageSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }

  @Post(':machine/retirements')
  @Roles('operator')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take a machine out of every count at once, and end the leases that it holds' })
  @ApiConsumes(JSON_TYPE)
  @ApiBody({ schema: { type: 'object', required: ['reason'], additionalProperties: false, properties: { reason: { type: 'string', enum: orderSchema.shape.reason.options } } } })
  @ApiOkResponse({ standardSchema: retireAnswerSchema })
  @ApiProblems('malformed-request', 'unsupported-media-type', 'machine-unknown', 'host-not-activated', 'overloaded', 'unavailable', 'clock-skew')
  retire(@Param('machine', { schema: thumbprint }) machine: string, @Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<RetireAnswer> {
    const order = { machine, reason: jsonBodyOf(body, request, orderSchema).reason, actor: actorOf(request) };
    return this.bus.request(subjects.machineRetire, order, { schema: retireAnswerSchema, timeoutMs: DECISION_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }
}
