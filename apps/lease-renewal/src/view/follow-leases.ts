import { expiryLagMs, wasEverProduction } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { storeReadiness } from '@muster/event-store';
import type { HostCredentials, HostSigner, HostWatch, SigningKeys } from '@muster/issuance';
import { watchHost } from '@muster/issuance';
import { SECOND_MS } from '@muster/kernel';
import { BUS, type Bus, followLedger, type LedgerFollowing } from '@muster/messaging';
import { CLOCK, CONFIG, LOG, type Log, METRICS, type Metrics, READINESS, type ReadinessRegistry, type ServiceClock } from '@muster/service';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { LeaseRenewalConfig } from '../lease-renewal.config.js';
import { CREDENTIALS, EVENT_STORE, HOST_SIGNER, LEASE_FOLLOWER, SIGNING_KEYS } from '../wiring/tokens.js';
import type { LeaseView } from './lease-view.fold.js';

/** Follows the leases from start to stop, and says how far it is. */
@Injectable()
export class FollowLeases implements OnApplicationBootstrap {
  private following: LedgerFollowing | undefined;
  private watch: HostWatch | undefined;

  constructor(
    @Inject(LEASE_FOLLOWER) private readonly follower: Follower<LeaseView>,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: ServiceClock,
    @Inject(CONFIG) private readonly config: LeaseRenewalConfig,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(READINESS) private readonly readiness: ReadinessRegistry,
    @Inject(METRICS) private readonly metrics: Metrics,
    @Inject(LOG) private readonly log: Log,
    @Inject(HOST_SIGNER) private readonly signer: HostSigner,
    @Inject(SIGNING_KEYS) private readonly keys: SigningKeys,
    @Inject(CREDENTIALS) private readonly credentials: HostCredentials,
  ) {}

  onApplicationBootstrap(): void {
    const { follower, metrics } = this;
    this.readiness.register('event-store', () => storeReadiness(this.store, this.config.ledger));
    this.readiness.register('leases', () => Promise.resolve(this.standing()));
    metrics.gauge({ name: 'muster_leases_running', help: 'Leases that run', collect: (gauge) => gauge.set(follower.state.leases.ends.size) });
    metrics.gauge({
      name: 'muster_expiry_lag_seconds',
      help: 'Since the earliest end of a lease that is not recorded yet; 0 when none is due',
      collect: (gauge) => gauge.set(expiryLagMs(follower.state.leases, this.clock.nowMs()) / SECOND_MS),
    });
    metrics.gauge({ name: 'muster_follower_position', help: 'Ledger position that the leases are as of', collect: (gauge) => gauge.set(follower.position) });
    const { signer, keys, clock, readiness, log } = this;
    const host = () => (follower.status.reachedHead ? follower.state.host : undefined);
    this.watch = watchHost({ host, signer, keys, clock, readiness, log, expectsCertificate: this.credentials.certificate !== undefined });
    this.following = followLedger(this.bus, [follower]);
  }

  async stop(): Promise<void> {
    this.watch?.stop();
    await this.following?.stop();
  }

  private standing(): { status: 'up' | 'down'; detail: string } {
    const { position, knownHead, reachedHead, failure } = this.follower.status;
    if (!reachedHead || failure !== null) return { status: 'down', detail: `at position ${position} of ${knownHead}${failure === null ? '' : `: ${failure}`}` };
    const { host, leases } = this.follower.state;
    if (this.clock.controlled && wasEverProduction(host)) return { status: 'down', detail: 'a controlled clock, and the ledger of a production host' };
    return { status: 'up', detail: `${leases.ends.size} leases run at position ${position}` };
  }
}
