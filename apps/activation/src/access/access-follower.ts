import { ledgerAppendedSchema, subjects } from '@muster/contracts';
import type { AccessTokens } from '@muster/domain';
import { accessTokenEventTypes, applyAccessTokenEvent, emptyAccessTokens } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { createFollower } from '@muster/event-store';
import { BUS, type Bus, type BusSubscription } from '@muster/messaging';
import { CONFIG } from '@muster/service';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { ActivationConfig } from '../activation.config.js';
import { EVENT_STORE } from '../wiring/tokens.js';

/** Follows the few events about access tokens; the rest of the ledger is passed over, not read. */
@Injectable()
export class AccessFollower implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly follower: Follower<AccessTokens>;
  private subscription: BusSubscription | undefined;

  constructor(
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(CONFIG) { ledger }: ActivationConfig,
    @Inject(BUS) private readonly bus: Bus,
  ) {
    this.follower = createFollower({
      store,
      ledger,
      fold: {
        name: 'access-tokens',
        wholeTypes: accessTokenEventTypes,
        initialState: emptyAccessTokens,
        applyEvent: (tokens, { row, event }) => applyAccessTokenEvent(tokens, { event, position: row.position, recordedAtMs: row.recordedAtMs }),
      },
    });
  }

  onApplicationBootstrap(): void {
    this.subscription = this.bus.subscribe(subjects.ledgerAppended, { schema: ledgerAppendedSchema, onMessage: (message) => this.follower.onAppended(message) });
    // Not awaited: a service starts in any order with its store.
    void this.follower.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.subscription?.close();
    await this.follower.stop();
  }
}
