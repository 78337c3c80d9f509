import type { HostState } from '@muster/domain';
import { hostFold } from '@muster/domain';
import type { EventStore, Follower, LedgerWriter } from '@muster/event-store';
import { createFollower, createPostgresEventStore } from '@muster/event-store';
import { systemClock } from '@muster/kernel';
import { BUS, type Bus } from '@muster/messaging';
import type { Log, Metrics } from '@muster/service';
import { CONFIG, LOG, METRICS } from '@muster/service';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Inject, Module } from '@nestjs/common';
import { AcceptTimeStepController } from './accept-time-step/accept-time-step.controller.js';
import { HostActivation } from './activate-host/host-activation.js';
import type { HostCredentials } from './activate-host/host-credentials.js';
import { loadHostCredentials } from './activate-host/host-credentials.js';
import type { ActivationConfig } from './activation.config.js';
import { createActivationWriter } from './request-activation/activation-writer.js';
import { RequestActivationController } from './request-activation/request-activation.controller.js';
import { ACTIVATION_WRITER, CLOCK, CREDENTIALS, EVENT_STORE, HOST_FOLLOWER } from './wiring/tokens.js';

@Module({
  controllers: [RequestActivationController, AcceptTimeStepController],
  providers: [
    { provide: CLOCK, useValue: systemClock },
    { provide: CREDENTIALS, useFactory: loadHostCredentials, inject: [CONFIG] },
    {
      provide: EVENT_STORE,
      useFactory: (config: ActivationConfig): EventStore => createPostgresEventStore({ url: config.databaseUrl, clock: systemClock, applicationName: 'muster-activation' }),
      inject: [CONFIG],
    },
    {
      provide: HOST_FOLLOWER,
      useFactory: (store: EventStore, { ledger }: ActivationConfig): Follower<HostState> =>
        createFollower({
          store,
          ledger,
          fold: { name: 'host', wholeTypes: ['HostActivated', 'HostRetired'], initialState: hostFold.initialState, applyEvent: (state, { event }) => hostFold.evolve(state, event) },
        }),
      inject: [EVENT_STORE, CONFIG],
    },
    {
      provide: ACTIVATION_WRITER,
      useFactory: (store: EventStore, follower: Follower<HostState>, { key }: HostCredentials, { ledger }: ActivationConfig, bus: Bus, metrics: Metrics, log: Log) =>
        createActivationWriter({ store, follower, key, ledger, bus, metrics, log, clock: systemClock }),
      inject: [EVENT_STORE, HOST_FOLLOWER, CREDENTIALS, CONFIG, BUS, METRICS, LOG],
    },
    HostActivation,
  ],
})
export class ActivationModule implements OnApplicationShutdown {
  constructor(
    @Inject(ACTIVATION_WRITER) private readonly writer: LedgerWriter<never, never>,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(HostActivation) private readonly host: HostActivation,
  ) {}

  /** In order: what is queued is written while the host's state is still followed, and the store goes last. */
  async onApplicationShutdown(): Promise<void> {
    await this.writer.stop();
    await this.host.stop();
    await this.store.close();
  }
}
