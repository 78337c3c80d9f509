import { isRecordedSchema, subjects } from '@muster/contracts';
import type { EventStore } from '@muster/event-store';
import { CONFIG } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { CountingConfig } from '../counting.config.js';
import { EVENT_STORE } from '../tokens.js';

/** Whether a request has its outcome already, from the store itself: a follower would not know request ids. */
@Controller()
export class IsRecordedController {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: CountingConfig,
  ) {}

  @MessagePattern(subjects.ledgerIsRecorded)
  async isRecorded(@Payload({ schema: isRecordedSchema }) request: { readonly machine: string; readonly requestId: string }): Promise<{ readonly recorded: boolean }> {
    const { known } = await this.store.findRequests(this.config.ledger, [request]);
    return { recorded: known.length > 0 };
  }
}
