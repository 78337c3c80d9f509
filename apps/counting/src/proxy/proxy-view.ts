import type { ProxyRequests } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { Problem } from '@muster/kernel';
import { CONFIG } from '@muster/service';
import { Inject, Injectable } from '@nestjs/common';
import type { CountingConfig } from '../counting.config.js';
import { EVENT_STORE, PROXY_FOLLOWER } from '../tokens.js';

/** Few events are read, whatever the ledger's length. */
const CATCH_UP_MS_MAX = 1000;

/** The installation requests as of the ledger's head, followed beside the counts: only the events about them are read. */
@Injectable()
export class ProxyView {
  constructor(
    @Inject(PROXY_FOLLOWER) private readonly follower: Follower<ProxyRequests>,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: CountingConfig,
  ) {}

  /** @throws Problem `unavailable` */
  async read<T>(use: (requests: ProxyRequests, position: number) => T): Promise<T> {
    const head = await this.store.head(this.config.ledger);
    if (!(await this.follower.catchUpTo(head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', 'The installation requests cannot be read.');
    return use(this.follower.state, this.follower.position);
  }
}
