import { ledgerAppendedSchema, subjects } from '@muster/contracts';
import type { ProxyRequests } from '@muster/domain';
import { applyProxyEvent, noProxyRequests, proxyEventTypes } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { createFollower } from '@muster/event-store';
import { Problem } from '@muster/kernel';
import { BUS, type Bus, type BusSubscription } from '@muster/messaging';
import { CONFIG } from '@muster/service';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { CountingConfig } from '../counting.config.js';
import { EVENT_STORE } from '../tokens.js';

/** Few events are read, whatever the ledger's length. */
const CATCH_UP_MS_MAX = 1000;

/** The installation requests as of the ledger's head, followed beside the counts: only the events about them are read. */
@Injectable()
export class ProxyView implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly follower: Follower<ProxyRequests>;
  private subscription: BusSubscription | undefined;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: CountingConfig,
    @Inject(BUS) private readonly bus: Bus,
  ) {
    this.follower = createFollower({
      store,
      ledger: config.ledger,
      fold: {
        name: 'proxy-requests',
        wholeTypes: proxyEventTypes,
        initialState: noProxyRequests,
        applyEvent: (requests, { row, event }) => applyProxyEvent(requests, event, { position: row.position, recordedAtMs: row.recordedAtMs }),
      },
    });
  }

  onApplicationBootstrap(): void {
    this.subscription = this.bus.subscribe(subjects.ledgerAppended, { schema: ledgerAppendedSchema, onMessage: (message) => this.follower.onAppended(message) });
    void this.follower.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.subscription?.close();
    await this.follower.stop();
  }

  /** @throws Problem `unavailable` */
  async read<T>(use: (requests: ProxyRequests, position: number) => T): Promise<T> {
    const head = await this.store.head(this.config.ledger);
    if (!(await this.follower.catchUpTo(head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', 'The installation requests cannot be read.');
    return use(this.follower.state, this.follower.position);
  }
}
