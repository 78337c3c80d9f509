import type { AccessTokens, ProxyRequests } from '@muster/domain';
import { accessTokensFold, proxyRequestsFold } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { createFollower, createPostgresEventStore } from '@muster/event-store';
import type { Log, Metrics, ServiceClock } from '@muster/service';
import { CLOCK, CONFIG, LOG, METRICS, storeClockOf } from '@muster/service';
import { Module } from '@nestjs/common';
import { AccessController } from './access/access.controller.js';
import { AccessView } from './access/access-view.js';
import { CountAsOf } from './count/count-as-of.js';
import { CountController } from './count/count.controller.js';
import type { CountingConfig } from './counting.config.js';
import { HostController } from './host/host.controller.js';
import { IsRecordedController } from './ledger/is-recorded.controller.js';
import { ReadEventsController } from './ledger/read-events.controller.js';
import { MachinesController } from './machines/machines.controller.js';
import { ProxyController } from './proxy/proxy.controller.js';
import { ProxyView } from './proxy/proxy-view.js';
import { ReplayController } from './replay/replay.controller.js';
import { TallyController } from './tally/tally.controller.js';
import { ACCESS_FOLLOWER, EVENT_STORE, FOLLOWER, PROXY_FOLLOWER } from './tokens.js';
import { createCountingFollower } from './view/counting-follower.js';
import { CurrentView } from './view/current-view.js';
import { FollowLedger } from './view/follow-ledger.js';

@Module({
  controllers: [TallyController, CountController, HostController, ReadEventsController, IsRecordedController, AccessController, MachinesController, ProxyController, ReplayController],
  providers: [
    {
      provide: EVENT_STORE,
      useFactory: (config: CountingConfig, clock: ServiceClock): EventStore =>
        createPostgresEventStore({ url: config.databaseUrl, clock, applicationName: 'muster-counting', ...storeClockOf(clock) }),
      inject: [CONFIG, CLOCK],
    },
    {
      provide: FOLLOWER,
      useFactory: (store: EventStore, config: CountingConfig, metrics: Metrics, log: Log) => createCountingFollower({ store, config, metrics, log }),
      inject: [EVENT_STORE, CONFIG, METRICS, LOG],
    },
    {
      provide: ACCESS_FOLLOWER,
      useFactory: (store: EventStore, { ledger }: CountingConfig): Follower<AccessTokens> => createFollower({ store, ledger, fold: accessTokensFold }),
      inject: [EVENT_STORE, CONFIG],
    },
    {
      provide: PROXY_FOLLOWER,
      useFactory: (store: EventStore, { ledger }: CountingConfig): Follower<ProxyRequests> => createFollower({ store, ledger, fold: proxyRequestsFold }),
      inject: [EVENT_STORE, CONFIG],
    },
    FollowLedger,
    AccessView,
    ProxyView,
    CurrentView,
    CountAsOf,
  ],
})
export class CountingModule {}
