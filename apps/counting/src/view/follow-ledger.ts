import { ledgerAppendedSchema, subjects } from '@muster/contracts';
import { wasEverProduction } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { BUS, type Bus, type BusSubscription } from '@muster/messaging';
import { CLOCK, READINESS, type ReadinessRegistry, type ServiceClock } from '@muster/service';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { EVENT_STORE, FOLLOWER } from '../tokens.js';
import type { CountingView } from './counting-view.fold.js';

/** Starts following with the process and stops with it; broadcasts wake it, the store is the truth. */
@Injectable()
export class FollowLedger implements OnApplicationBootstrap, OnApplicationShutdown {
  private subscription: BusSubscription | undefined;

  constructor(
    @Inject(FOLLOWER) private readonly follower: Follower<CountingView>,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(READINESS) private readonly readiness: ReadinessRegistry,
    @Inject(CLOCK) private readonly clock: ServiceClock,
  ) {}

  onApplicationBootstrap(): void {
    this.readiness.register('counts', () => {
      const { reachedHead, position, knownHead, failure } = this.follower.status;
      const detail = `at position ${position} of ${knownHead}${failure === null ? '' : `: ${failure}`}`;
      if (this.clock.controlled && wasEverProduction(this.follower.state.host)) return Promise.resolve({ status: 'down', detail: 'a controlled clock, and the ledger of a production host' });
      return Promise.resolve({ status: reachedHead && failure === null ? 'up' : 'down', detail });
    });
    this.subscription = this.bus.subscribe(subjects.ledgerAppended, { schema: ledgerAppendedSchema, onMessage: (message) => this.follower.onAppended(message) });
    // Not awaited: a service starts in any order with its store, and says on /readyz how far it is.
    void this.follower.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.subscription?.close();
    await this.follower.stop();
    await this.store.close();
  }
}
