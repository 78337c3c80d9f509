import type { DnsTiming } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { createFollower, createPostgresEventStore, toLedgerAppended } from '@muster/event-store';
import { systemDraws } from '@muster/kernel';
import { broadcastAppended, BUS, type Bus } from '@muster/messaging';
import type { Log, Metrics, ServiceClock } from '@muster/service';
import { CLOCK, CONFIG, LOG, METRICS, storeClockOf } from '@muster/service';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Inject, Module } from '@nestjs/common';
import { ApplyDnsController } from './apply/apply-dns.controller.js';
import { DescribeDnsController } from './describe/describe-dns.controller.js';
import type { DnsRegistrarConfig } from './dns-registrar.config.js';
import { HearBeats } from './hear/hear-beats.js';
import { OrderDnsController } from './order/order-dns.controller.js';
import { PlanDnsController } from './plan/plan-dns.controller.js';
import { PlanDomains } from './plan/plan-domains.js';
import { createDnsMetrics } from './reconcile/dns-metrics.js';
import { DomainReconciler } from './reconcile/domain-reconciler.js';
import { ReconcileLoop } from './reconcile/reconcile-loop.js';
import { Reconcilers } from './reconcile/reconcilers.js';
import { ListRecordsController } from './records/list-records.controller.js';
import { ScavengeController } from './scavenge/scavenge.controller.js';
import { TakeOverController } from './take-over/take-over.controller.js';
import { CurrentDns } from './view/current-dns.js';
import type { DnsView } from './view/dns-view.fold.js';
import { dnsViewFold } from './view/dns-view.fold.js';
import { FollowDns } from './view/follow-dns.js';
import { Heard } from './view/heard.js';
import { DnsRecorder } from './wiring/dns-recorder.js';
import { News } from './wiring/news.js';
import { configuredResolvers, type RegistrarDomain, registrarDomains } from './wiring/registrar-domains.js';
import { DNS_FOLLOWER, DNS_RECORDER, DOMAINS, EVENT_STORE, LOOPS } from './wiring/tokens.js';

@Module({
  controllers: [DescribeDnsController, ListRecordsController, PlanDnsController, ApplyDnsController, OrderDnsController, TakeOverController, ScavengeController],
  providers: [
    News,
    {
      provide: DOMAINS,
      useFactory: (config: DnsRegistrarConfig): readonly RegistrarDomain[] => {
        configuredResolvers(config); // so that a mistake in them is said at the start
        return registrarDomains(config);
      },
      inject: [CONFIG],
    },
    {
      provide: EVENT_STORE,
      useFactory: (config: DnsRegistrarConfig, clock: ServiceClock): EventStore =>
        createPostgresEventStore({ url: config.databaseUrl, clock, applicationName: 'muster-dns-registrar', ...storeClockOf(clock) }),
      inject: [CONFIG, CLOCK],
    },
    {
      provide: DNS_FOLLOWER,
      useFactory: (store: EventStore, { ledger }: DnsRegistrarConfig, news: News): Follower<DnsView> => createFollower({ store, ledger, fold: dnsViewFold(news.tell) }),
      inject: [EVENT_STORE, CONFIG, News],
    },
    {
      provide: CurrentDns,
      useFactory: (follower: Follower<DnsView>, store: EventStore, { ledger }: DnsRegistrarConfig) => new CurrentDns(follower, store, ledger),
      inject: [DNS_FOLLOWER, EVENT_STORE, CONFIG],
    },
    {
      provide: DNS_RECORDER,
      useFactory: (store: EventStore, follower: Follower<DnsView>, { ledger }: DnsRegistrarConfig, clock: ServiceClock, bus: Bus): DnsRecorder =>
        new DnsRecorder({ store, follower, ledger, clock, onAppended: (events) => broadcastAppended(toLedgerAppended(events), { bus, followers: [follower] }) }),
      inject: [EVENT_STORE, DNS_FOLLOWER, CONFIG, CLOCK, BUS],
    },
    { provide: Heard, useFactory: ({ silentAfterSeconds }: DnsTiming) => new Heard(silentAfterSeconds), inject: [CONFIG] },
    {
      provide: HearBeats,
      useFactory: (bus: Bus, heard: Heard, follower: Follower<DnsView>, recorder: DnsRecorder, domains: readonly RegistrarDomain[], timing: DnsTiming, clock: ServiceClock, log: Log) =>
        new HearBeats({ bus, heard, follower, recorder, domains, timing, clock, log, draws: systemDraws }),
      inject: [BUS, Heard, DNS_FOLLOWER, DNS_RECORDER, DOMAINS, CONFIG, CLOCK, LOG],
    },
    {
      provide: Reconcilers,
      useFactory: (domains: readonly RegistrarDomain[], current: CurrentDns, recorder: DnsRecorder, timing: DnsTiming, clock: ServiceClock, metrics: Metrics, log: Log) => {
        const parts = { current, recorder, timing, clock, log, draws: systemDraws, metrics: createDnsMetrics(metrics) };
        return new Reconcilers(domains.map((domain) => new DomainReconciler(domain, parts)));
      },
      inject: [DOMAINS, CurrentDns, DNS_RECORDER, CONFIG, CLOCK, METRICS, LOG],
    },
    {
      provide: LOOPS,
      useFactory: ({ all }: Reconcilers, news: News, { reconcileSeconds, windowSeconds }: DnsRegistrarConfig, log: Log) =>
        all.map((reconciler) => new ReconcileLoop(reconciler, { news, log, draws: systemDraws, reconcileSeconds, windowSeconds })),
      inject: [Reconcilers, News, CONFIG, LOG],
    },
    PlanDomains,
    FollowDns,
  ],
})
export class DnsRegistrarModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(LOOPS) private readonly loops: readonly ReconcileLoop[],
    @Inject(HearBeats) private readonly beats: HearBeats,
    @Inject(FollowDns) private readonly followed: FollowDns,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  onApplicationBootstrap(): void {
    this.beats.start();
    for (const loop of this.loops) loop.start();
  }

  /** In order: nothing new is heard, changes under way are finished and recorded while the ledger is still followed, and the store goes last. */
  async onApplicationShutdown(): Promise<void> {
    await this.beats.stop();
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.followed.stop();
    await this.store.close();
  }
}
