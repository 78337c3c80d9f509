import type { EventsPage } from '@muster/contracts';
import { EVENTS_PAGE_MAX, eventsPageSchema, isEventType, position, subjects, thumbprint } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import type { HttpRequest } from '@muster/service';
import { Roles, traceOf } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { z } from 'zod';
import { QUERY_TIMEOUT_MS } from '../query-timeout.js';

const querySchema = z.strictObject({
  after: z.coerce.number().pipe(position).default(0),
  limit: z.coerce.number().pipe(z.int().min(1).max(EVENTS_PAGE_MAX)).default(100),
  type: z.string().refine(isEventType, 'a type of the event catalogue').optional(),
  machine: thumbprint.optional(),
});

@Controller('v1/events')
export class EventsController {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  @Get()
  @Roles('auditor')
  @ApiOperation({ summary: 'Read the ledger in order, as CloudEvents 1.0. Go on with after = the last position you got' })
  @ApiQuery({ name: 'after', required: false, description: 'Position, exclusive' })
  @ApiQuery({ name: 'limit', required: false, description: `1 to ${EVENTS_PAGE_MAX}` })
  @ApiQuery({ name: 'type', required: false, description: 'Event type, such as ActivationGranted' })
  @ApiQuery({ name: 'machine', required: false, description: 'Machine id' })
  @ApiOkResponse({ standardSchema: eventsPageSchema })
  @ApiProblems('malformed-request', 'unavailable')
  read(@Query({ schema: querySchema }) query: z.infer<typeof querySchema>, @Req() request: HttpRequest): Promise<EventsPage> {
    return this.bus.request(subjects.ledgerRead, query, { schema: eventsPageSchema, timeoutMs: QUERY_TIMEOUT_MS, traceparent: traceOf(request).traceparent });
  }
}
