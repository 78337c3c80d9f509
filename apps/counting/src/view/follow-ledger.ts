import type { AccessTokens, ProxyRequests } from '@muster/domain';
import { wasEverProduction } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { BUS, type Bus, followLedger, type LedgerFollowing } from '@muster/messaging';
import { CLOCK, READINESS, type ReadinessRegistry, type ServiceClock } from '@muster/service';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { ACCESS_FOLLOWER, EVENT_STORE, FOLLOWER, PROXY_FOLLOWER } from '../tokens.js';
import type { CountingView } from './counting-view.fold.js';

/** Follows from the start of the process to its stop, and says how far the counts are. */
@Injectable()
export class FollowLedger implements OnApplicationBootstrap, OnApplicationShutdown {
  private following: LedgerFollowing | undefined;

  constructor(
    @Inject(FOLLOWER) private readonly follower: Follower<CountingView>,
    @Inject(ACCESS_FOLLOWER) private readonly access: Follower<AccessTokens>,
    @Inject(PROXY_FOLLOWER) private readonly proxies: Follower<ProxyRequests>,
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
    this.following = followLedger(this.bus, [this.follower, this.access, this.proxies]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.following?.stop();
    await this.store.close();
  }
}
