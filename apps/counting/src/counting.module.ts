import { createPostgresEventStore } from '@muster/event-store';
import type { EventStore } from '@muster/event-store';
import { systemClock } from '@muster/kernel';
import type { Log, Metrics } from '@muster/service';
import { CONFIG, LOG, METRICS } from '@muster/service';
import { Module } from '@nestjs/common';
import { CountAsOf } from './count/count-as-of.js';
import { CountController } from './count/count.controller.js';
import type { CountingConfig } from './counting.config.js';
import { HostController } from './host/host.controller.js';
import { ReadEventsController } from './ledger/read-events.controller.js';
import { ReplayController } from './replay/replay.controller.js';
import { TallyController } from './tally/tally.controller.js';
import { CLOCK, EVENT_STORE, FOLLOWER } from './tokens.js';
import { createCountingFollower } from './view/counting-follower.js';
import { CurrentView } from './view/current-view.js';
import { FollowLedger } from './view/follow-ledger.js';

@Module({
  controllers: [TallyController, CountController, HostController, ReadEventsController, ReplayController],
  providers: [
    { provide: CLOCK, useValue: systemClock },
    {
      provide: EVENT_STORE,
      useFactory: (config: CountingConfig): EventStore => createPostgresEventStore({ url: config.databaseUrl, clock: systemClock, applicationName: 'muster-counting' }),
      inject: [CONFIG],
    },
    {
      provide: FOLLOWER,
      useFactory: (store: EventStore, config: CountingConfig, metrics: Metrics, log: Log) => createCountingFollower({ store, config, metrics, log }),
      inject: [EVENT_STORE, CONFIG, METRICS, LOG],
    },
    FollowLedger,
    CurrentView,
    CountAsOf,
  ],
})
export class CountingModule {}
