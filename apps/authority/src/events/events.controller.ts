import type { EventsPage } from '@muster/contracts';
import { EVENTS_PAGE_MAX, eventsPageSchema, isEventType, position, thumbprint, toCloudEvent } from '@muster/contracts';
import type { EventStore } from '@muster/event-store';
import { CONFIG, Roles } from '@muster/service';
import { ApiProblems } from '@muster/service/openapi';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { z } from 'zod';
import type { AuthorityConfig } from '../authority.config.js';
import { EVENT_STORE } from '../wiring/tokens.js';

const querySchema = z.strictObject({
  after: z.coerce.number().pipe(position).default(0),
  limit: z.coerce.number().pipe(z.int().min(1).max(EVENTS_PAGE_MAX)).default(100),
  type: z.string().refine(isEventType, 'a type of the event catalogue').optional(),
  machine: thumbprint.optional(),
});

@Controller('v1/events')
export class EventsController {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: AuthorityConfig,
  ) {}

  @Get()
  @Roles('auditor')
  @ApiOperation({ summary: 'Read the ledger in order, as CloudEvents 1.0. Go on with after = the last position you got' })
  @ApiQuery({ name: 'after', required: false, description: 'Position, exclusive' })
  @ApiQuery({ name: 'limit', required: false, description: `1 to ${EVENTS_PAGE_MAX}` })
  @ApiQuery({ name: 'type', required: false, description: 'Event type, such as HostCertificateIssued' })
  @ApiQuery({ name: 'machine', required: false, description: 'Machine id' })
  @ApiOkResponse({ standardSchema: eventsPageSchema })
  @ApiProblems('malformed-request', 'unavailable')
  async read(@Query({ schema: querySchema }) { after, limit, type, machine }: z.infer<typeof querySchema>): Promise<EventsPage> {
    const { ledger } = this.config;
    const head = await this.store.head(ledger);
    const events = await this.store.read({ ledger, after, upTo: head.position, limit, ...(type === undefined ? {} : { types: [type] }), ...(machine === undefined ? {} : { machine }) });
    return { events: events.map(toCloudEvent), head: head.position };
  }
}
