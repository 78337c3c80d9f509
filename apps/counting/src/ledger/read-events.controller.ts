import type { EventsPage, ReadEvents } from '@muster/contracts';
import { readEventsSchema, subjects, toCloudEvent } from '@muster/contracts';
import type { EventStore } from '@muster/event-store';
import { CONFIG } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { CountingConfig } from '../counting.config.js';
import { EVENT_STORE } from '../tokens.js';
import { pageThatFits } from './page-that-fits.js';

@Controller()
export class ReadEventsController {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: CountingConfig,
  ) {}

  @MessagePattern(subjects.ledgerRead)
  async read(@Payload({ schema: readEventsSchema }) { after, limit, type, machine }: ReadEvents): Promise<EventsPage> {
    const { ledger } = this.config;
    const head = await this.store.head(ledger);
    const events = await this.store.read({
      ledger,
      after,
      upTo: head.position,
      limit,
      ...(type === undefined ? {} : { types: [type] }),
      ...(machine === undefined ? {} : { machine }),
    });
    return pageThatFits(events.map(toCloudEvent), head.position);
  }
}
