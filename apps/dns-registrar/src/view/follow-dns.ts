import { wasEverProduction } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { storeReadiness } from '@muster/event-store';
import { BUS, type Bus, followLedger, type LedgerFollowing } from '@muster/messaging';
import { CLOCK, CONFIG, METRICS, type Metrics, READINESS, type ReadinessRegistry, type ServiceClock } from '@muster/service';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { DnsRegistrarConfig } from '../dns-registrar.config.js';
import { DNS_FOLLOWER, EVENT_STORE } from '../wiring/tokens.js';
import type { DnsView } from './dns-view.fold.js';

const STANDINGS = ['heard', 'silent', 'withdrawn'] as const;

/** Follows endpoints and host from start to stop; broadcasts wake it, the store is the truth. DNS that is down makes nothing unready. */
@Injectable()
export class FollowDns implements OnApplicationBootstrap {
  private following: LedgerFollowing | undefined;

  constructor(
    @Inject(DNS_FOLLOWER) private readonly follower: Follower<DnsView>,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: ServiceClock,
    @Inject(CONFIG) private readonly config: DnsRegistrarConfig,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(READINESS) private readonly readiness: ReadinessRegistry,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    const { follower, metrics } = this;
    this.readiness.register('event-store', () => storeReadiness(this.store, this.config.ledger));
    this.readiness.register('endpoints', () => this.standing());
    metrics.gauge({
      ...{ name: 'muster_dns_endpoints', help: 'Endpoints by their standing', labelNames: ['standing'] },
      collect: (gauge) => {
        const all = [...follower.state.dns.endpoints.values()];
        for (const standing of STANDINGS) gauge.set({ standing }, all.filter((endpoint) => endpoint.standing.status === standing).length);
      },
    });
    metrics.gauge({ name: 'muster_follower_position', help: 'Ledger position that the endpoints are as of', collect: (gauge) => gauge.set(follower.position) });
    this.following = followLedger(this.bus, [follower]);
  }

  async stop(): Promise<void> {
    await this.following?.stop();
  }

  private standing(): { status: 'up' | 'down'; detail: string } {
    const { position, knownHead, reachedHead, failure } = this.follower.status;
    if (!reachedHead || failure !== null) return { status: 'down', detail: `at position ${position} of ${knownHead}${failure === null ? '' : `: ${failure}`}` };
    const { host, dns } = this.follower.state;
    if (this.clock.controlled && wasEverProduction(host)) return { status: 'down', detail: 'a controlled clock, and the ledger of a production host' };
    return { status: 'up', detail: `${dns.endpoints.size} endpoints at position ${position}` };
  }
}
