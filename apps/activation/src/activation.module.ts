import type { HostState } from '@muster/domain';
import { hostEventTypes, hostFold } from '@muster/domain';
import type { EventStore, Follower, LedgerWriter } from '@muster/event-store';
import { createFollower, createPostgresEventStore } from '@muster/event-store';
import type { HostCredentials, HostSigner, SigningKeys } from '@muster/issuance';
import { createHostSigner, loadHostCredentials, signingKeysIn } from '@muster/issuance';
import { BUS, type Bus } from '@muster/messaging';
import type { Log, Metrics, ServiceClock } from '@muster/service';
import { CLOCK, CONFIG, LOG, METRICS, storeClockOf } from '@muster/service';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Inject, Module } from '@nestjs/common';
import { AccessController } from './access/access.controller.js';
import { AccessFollower } from './access/access-follower.js';
import { AcceptTimeStepController } from './accept-time-step/accept-time-step.controller.js';
import { HostActivation } from './activate-host/host-activation.js';
import { AdministerHostController } from './administer-host/administer-host.controller.js';
import type { ActivationConfig } from './activation.config.js';
import { EnrolmentController } from './enrolment/enrolment.controller.js';
import { ProxyController } from './proxy/proxy.controller.js';
import { ProxyWriter } from './proxy/proxy-writer.js';
import { ProveHostController } from './prove-host/prove-host.controller.js';
import { createActivationWriter } from './request-activation/activation-writer.js';
import { RequestActivationController } from './request-activation/request-activation.controller.js';
import { EnrolmentFollower } from './wiring/enrolment-follower.js';
import { ACTIVATION_WRITER, CREDENTIALS, EVENT_STORE, HOST_FOLLOWER, HOST_SIGNER, SIGNING_KEYS } from './wiring/tokens.js';

@Module({
  controllers: [RequestActivationController, AcceptTimeStepController, AdministerHostController, AccessController, EnrolmentController, ProxyController, ProveHostController],
  providers: [
    { provide: CREDENTIALS, useFactory: loadHostCredentials, inject: [CONFIG, CLOCK] },
    {
      provide: SIGNING_KEYS,
      useFactory: ({ key, signingKeysDirectory }: HostCredentials): SigningKeys => signingKeysIn({ hostKey: key, directory: signingKeysDirectory }),
      inject: [CREDENTIALS],
    },
    {
      provide: HOST_SIGNER,
      useFactory: ({ root }: HostCredentials, keys: SigningKeys, clock: ServiceClock): HostSigner => createHostSigner({ root, keys, clock }),
      inject: [CREDENTIALS, SIGNING_KEYS, CLOCK],
    },
    {
      provide: EVENT_STORE,
      useFactory: (config: ActivationConfig, clock: ServiceClock): EventStore =>
        createPostgresEventStore({ url: config.databaseUrl, clock, applicationName: 'muster-activation', ...storeClockOf(clock) }),
      inject: [CONFIG, CLOCK],
    },
    {
      provide: HOST_FOLLOWER,
      useFactory: (store: EventStore, { ledger }: ActivationConfig): Follower<HostState> =>
        createFollower({
          store,
          ledger,
          fold: { name: 'host', wholeTypes: hostEventTypes, initialState: hostFold.initialState, applyEvent: (state, { event }) => hostFold.evolve(state, event) },
        }),
      inject: [EVENT_STORE, CONFIG],
    },
    {
      provide: ACTIVATION_WRITER,
      useFactory: (
        store: EventStore,
        follower: Follower<HostState>,
        { follower: enrolment }: EnrolmentFollower,
        signer: HostSigner,
        { ledger }: ActivationConfig,
        bus: Bus,
        metrics: Metrics,
        log: Log,
        clock: ServiceClock,
      ) => createActivationWriter({ store, follower, enrolment, signer, ledger, bus, metrics, log, clock }),
      inject: [EVENT_STORE, HOST_FOLLOWER, EnrolmentFollower, HOST_SIGNER, CONFIG, BUS, METRICS, LOG, CLOCK],
    },
    EnrolmentFollower,
    AccessFollower,
    ProxyWriter,
    HostActivation,
  ],
})
export class ActivationModule implements OnApplicationShutdown {
  constructor(
    @Inject(ACTIVATION_WRITER) private readonly writer: LedgerWriter<never, never>,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(HostActivation) private readonly host: HostActivation,
    @Inject(EnrolmentFollower) private readonly enrolment: EnrolmentFollower,
  ) {}

  /** In order: what is queued is written while the host's state is still followed, and the store goes last. */
  async onApplicationShutdown(): Promise<void> {
    await this.writer.stop();
    await this.host.stop();
    await this.enrolment.stop();
    await this.store.close();
  }
}
