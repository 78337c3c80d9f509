import type { AccessTokens, EnrolmentState, HostState, ProxyRequests } from '@muster/domain';
import { accessTokensFold, hostEventTypes, hostFold, proxyRequestsFold } from '@muster/domain';
import type { EventStore, Follower, LedgerWriter } from '@muster/event-store';
import { createFollower, createPostgresEventStore, toLedgerAppended } from '@muster/event-store';
import type { HostCredentials, HostSigner, SigningKeys } from '@muster/issuance';
import { createHostSigner, loadHostCredentials, signingKeysIn } from '@muster/issuance';
import { broadcastAppended, BUS, type Bus, followLedger, type LedgerFollowing } from '@muster/messaging';
import type { Log, Metrics, ServiceClock } from '@muster/service';
import { CLOCK, CONFIG, LOG, METRICS, storeClockOf } from '@muster/service';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Inject, Module } from '@nestjs/common';
import { AccessController } from './access/access.controller.js';
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
import { enrolmentFold } from './wiring/enrolment-fold.js';
import { ACCESS_FOLLOWER, ACTIVATION_WRITER, CREDENTIALS, ENROLMENT_FOLLOWER, EVENT_STORE, FOLLOWERS, HOST_FOLLOWER, HOST_SIGNER, PROXY_FOLLOWER, SIGNING_KEYS, WRITTEN_LEDGER } from './wiring/tokens.js';
import type { WrittenLedger } from './wiring/written-ledger.js';

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
      provide: ENROLMENT_FOLLOWER,
      useFactory: (store: EventStore, { ledger }: ActivationConfig): Follower<EnrolmentState> => createFollower({ store, ledger, fold: enrolmentFold }),
      inject: [EVENT_STORE, CONFIG],
    },
    {
      provide: ACCESS_FOLLOWER,
      useFactory: (store: EventStore, { ledger }: ActivationConfig): Follower<AccessTokens> => createFollower({ store, ledger, fold: accessTokensFold }),
      inject: [EVENT_STORE, CONFIG],
    },
    {
      provide: PROXY_FOLLOWER,
      useFactory: (store: EventStore, { ledger }: ActivationConfig): Follower<ProxyRequests> => createFollower({ store, ledger, fold: proxyRequestsFold }),
      inject: [EVENT_STORE, CONFIG],
    },
    {
      provide: FOLLOWERS,
      useFactory: (...followers: readonly Follower<unknown>[]) => followers,
      inject: [HOST_FOLLOWER, ENROLMENT_FOLLOWER, ACCESS_FOLLOWER, PROXY_FOLLOWER],
    },
    {
      provide: WRITTEN_LEDGER,
      useFactory: (store: EventStore, { ledger }: ActivationConfig, clock: ServiceClock, bus: Bus, followers: readonly Follower<unknown>[]): WrittenLedger => ({
        store,
        ledger,
        clock,
        onAppended: (events) => broadcastAppended(toLedgerAppended(events), { bus, followers }),
      }),
      inject: [EVENT_STORE, CONFIG, CLOCK, BUS, FOLLOWERS],
    },
    {
      provide: ACTIVATION_WRITER,
      useFactory: (ledger: WrittenLedger, follower: Follower<HostState>, enrolment: Follower<EnrolmentState>, signer: HostSigner, bus: Bus, metrics: Metrics, log: Log) =>
        createActivationWriter({ ...ledger, follower, enrolment, signer, bus, metrics, log }),
      inject: [WRITTEN_LEDGER, HOST_FOLLOWER, ENROLMENT_FOLLOWER, HOST_SIGNER, BUS, METRICS, LOG],
    },
    ProxyWriter,
    HostActivation,
  ],
})
export class ActivationModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private following: LedgerFollowing | undefined;

  constructor(
    @Inject(ACTIVATION_WRITER) private readonly writer: LedgerWriter<never, never>,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(HostActivation) private readonly host: HostActivation,
    @Inject(FOLLOWERS) private readonly followers: readonly Follower<unknown>[],
    @Inject(BUS) private readonly bus: Bus,
  ) {}

  onApplicationBootstrap(): void {
    this.following = followLedger(this.bus, this.followers);
  }

  /** In order: what is queued is written while the states are still followed, and the store goes last. */
  async onApplicationShutdown(): Promise<void> {
    await this.writer.stop();
    await this.host.stop();
    await this.following?.stop();
    await this.store.close();
  }
}
