import type { EventStore, Follower } from '@muster/event-store';
import { Problem } from '@muster/kernel';
import { CONFIG } from '@muster/service';
import { Inject, Injectable } from '@nestjs/common';
import type { CountingConfig } from '../counting.config.js';
import { EVENT_STORE, FOLLOWER } from '../tokens.js';
import type { CountingView } from './counting-view.fold.js';
import type { ViewAt } from './view-at.js';

const CATCH_UP_MS_MAX = 2000;

/**
 * The view as of the store's head and time at the moment of asking: no replica ever answers from before an answer that a client already holds, and all age
 * machines by one clock.
 */
@Injectable()
export class CurrentView {
  constructor(
    @Inject(FOLLOWER) private readonly follower: Follower<CountingView>,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: CountingConfig,
  ) {}

  /** @throws Problem `unavailable` when the store is away or this replica too far behind */
  async read<T>(use: (at: ViewAt) => T): Promise<T> {
    const { head, storeNowMs } = await this.store.headNow(this.config.ledger);
    if (!(await this.follower.catchUpTo(head.position, CATCH_UP_MS_MAX))) {
      throw new Problem('unavailable', `The counts are as of position ${this.follower.position}, behind ${head.position}.`);
    }
    const view = this.follower.state;
    return use({ view, position: this.follower.position, atMs: Math.max(view.recordedAtMs, storeNowMs), final: false });
  }
}
