import type { RecordedEvent } from '@muster/contracts';
import { ledgerAppendedSchema, subjects } from '@muster/contracts';
import type { HostState, ProxyRequests } from '@muster/domain';
import { applyProxyEvent, noProxyRequests, proxyEventTypes, wasEverProduction } from '@muster/domain';
import type { EventStore, FollowedFold, Follower, LedgerWriter } from '@muster/event-store';
import { createFollower, createLedgerWriter, toLedgerAppended } from '@muster/event-store';
import { BUS, type Bus, type BusSubscription } from '@muster/messaging';
import { CLOCK, CONFIG, decideUnlessProduction, type ServiceClock } from '@muster/service';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { ActivationConfig } from '../activation.config.js';
import { EVENT_STORE, HOST_FOLLOWER } from '../wiring/tokens.js';
import type { ProxyAnswer, ProxyCommand } from './decide-proxies.js';
import { decideProxies, identifyProxy } from './decide-proxies.js';

export const proxyFold: FollowedFold<ProxyRequests> = {
  name: 'proxy-requests',
  wholeTypes: proxyEventTypes,
  initialState: noProxyRequests,
  applyEvent: (requests, { row, event }) => applyProxyEvent(requests, event, { position: row.position, recordedAtMs: row.recordedAtMs }),
};

/** Records installation requests and their answers, and follows those that were recorded elsewhere. */
@Injectable()
export class ProxyWriter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly follower: Follower<ProxyRequests>;
  private readonly writer: LedgerWriter<ProxyCommand, ProxyAnswer>;
  private subscription: BusSubscription | undefined;

  constructor(
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(HOST_FOLLOWER) hosts: Follower<HostState>,
    @Inject(CLOCK) clock: ServiceClock,
    @Inject(CONFIG) { ledger }: ActivationConfig,
    @Inject(BUS) private readonly bus: Bus,
  ) {
    this.follower = createFollower({ store, ledger, fold: proxyFold });
    this.writer = createLedgerWriter({
      store,
      ledger,
      clock,
      identify: identifyProxy,
      decide: decideUnlessProduction(clock, () => wasEverProduction(hosts.state), decideProxies({ store, hosts, requests: this.follower })),
      onAppended: (events: readonly RecordedEvent[]) => {
        const message = toLedgerAppended(events);
        this.follower.onAppended(message);
        hosts.onAppended(message);
        bus.publish(subjects.ledgerAppended, message);
      },
    });
  }

  onApplicationBootstrap(): void {
    this.subscription = this.bus.subscribe(subjects.ledgerAppended, { schema: ledgerAppendedSchema, onMessage: (message) => this.follower.onAppended(message) });
    // Not awaited: a service starts in any order with its store.
    void this.follower.start();
  }

  submit(command: ProxyCommand): Promise<ProxyAnswer> {
    return this.writer.submit(command);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writer.stop();
    await this.subscription?.close();
    await this.follower.stop();
  }
}
