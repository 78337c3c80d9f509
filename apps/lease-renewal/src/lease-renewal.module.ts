import type { EventStore, Follower } from '@muster/event-store';
import { createFollower, createPostgresEventStore } from '@muster/event-store';
import type { HostCredentials, HostSigner, SigningKeys } from '@muster/issuance';
import { createHostSigner, loadHostCredentials, signingKeysIn } from '@muster/issuance';
import { BUS, type Bus } from '@muster/messaging';
import type { Log, Metrics, ServiceClock } from '@muster/service';
import { CLOCK, CONFIG, LOG, METRICS, storeClockOf } from '@muster/service';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Inject, Module } from '@nestjs/common';
import { AdministerController } from './administer/administer.controller.js';
import { ExpiryScanner } from './expire/expiry-scanner.js';
import type { LeaseRenewalConfig } from './lease-renewal.config.js';
import { ListLeasesController } from './list/list-leases.controller.js';
import { ReleaseLeaseController } from './release/release-lease.controller.js';
import { RenewLeaseController } from './renew/renew-lease.controller.js';
import { StatisticsController } from './statistics/statistics.controller.js';
import { CurrentLeases } from './view/current-leases.js';
import { FollowLeases } from './view/follow-leases.js';
import type { LeaseView } from './view/lease-view.fold.js';
import { leaseViewFold } from './view/lease-view.fold.js';
import { CREDENTIALS, EVENT_STORE, HOST_SIGNER, LEASE_FOLLOWER, LEASE_WRITER, SIGNING_KEYS } from './wiring/tokens.js';
import type { LeaseWriter } from './writer/lease-writer.js';
import { createLeaseWriter } from './writer/lease-writer.js';

@Module({
  controllers: [RenewLeaseController, ReleaseLeaseController, AdministerController, ListLeasesController, StatisticsController],
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
      useFactory: (config: LeaseRenewalConfig, clock: ServiceClock): EventStore =>
        createPostgresEventStore({ url: config.databaseUrl, clock, applicationName: 'muster-lease-renewal', ...storeClockOf(clock) }),
      inject: [CONFIG, CLOCK],
    },
    {
      provide: LEASE_FOLLOWER,
      useFactory: (store: EventStore, { ledger, snapshotEveryEvents }: LeaseRenewalConfig): Follower<LeaseView> =>
        createFollower({ store, ledger, fold: leaseViewFold, snapshotEveryEvents }),
      inject: [EVENT_STORE, CONFIG],
    },
    {
      provide: LEASE_WRITER,
      useFactory: (store: EventStore, follower: Follower<LeaseView>, signer: HostSigner, { ledger }: LeaseRenewalConfig, bus: Bus, metrics: Metrics, log: Log, clock: ServiceClock) =>
        createLeaseWriter({ store, follower, signer, ledger, bus, metrics, log, clock }),
      inject: [EVENT_STORE, LEASE_FOLLOWER, HOST_SIGNER, CONFIG, BUS, METRICS, LOG, CLOCK],
    },
    FollowLeases,
    CurrentLeases,
    ExpiryScanner,
  ],
})
export class LeaseRenewalModule implements OnApplicationShutdown {
  constructor(
    @Inject(LEASE_WRITER) private readonly writer: LeaseWriter,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(FollowLeases) private readonly leases: FollowLeases,
    @Inject(ExpiryScanner) private readonly scanner: ExpiryScanner,
  ) {}

  /** In order: no new ends, what is queued is written while the leases are still followed, and the store goes last. */
  async onApplicationShutdown(): Promise<void> {
    await this.scanner.stop();
    await this.writer.stop();
    await this.leases.stop();
    await this.store.close();
  }
}
