import type { HostState, ProxyRequests } from '@muster/domain';
import { wasEverProduction } from '@muster/domain';
import type { EventStore, Follower, LedgerWriter, OnAppended } from '@muster/event-store';
import { createLedgerWriter } from '@muster/event-store';
import { CLOCK, CONFIG, decideUnlessProduction, type ServiceClock } from '@muster/service';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { ActivationConfig } from '../activation.config.js';
import { EVENT_STORE, HOST_FOLLOWER, ON_APPENDED, PROXY_FOLLOWER } from '../wiring/tokens.js';
import type { ProxyAnswer, ProxyCommand } from './decide-proxies.js';
import { decideProxies, identifyProxy } from './decide-proxies.js';

/** Records installation requests and their answers. */
@Injectable()
export class ProxyWriter implements OnApplicationShutdown {
  private readonly writer: LedgerWriter<ProxyCommand, ProxyAnswer>;

  constructor(
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(HOST_FOLLOWER) hosts: Follower<HostState>,
    @Inject(PROXY_FOLLOWER) requests: Follower<ProxyRequests>,
    @Inject(CLOCK) clock: ServiceClock,
    @Inject(CONFIG) { ledger }: ActivationConfig,
    @Inject(ON_APPENDED) onAppended: OnAppended,
  ) {
    const decide = decideUnlessProduction(clock, () => wasEverProduction(hosts.state), decideProxies({ store, hosts, requests }));
    this.writer = createLedgerWriter({ store, ledger, clock, identify: identifyProxy, decide, onAppended });
  }

  submit(command: ProxyCommand): Promise<ProxyAnswer> {
    return this.writer.submit(command);
  }

  onApplicationShutdown(): Promise<void> {
    return this.writer.stop();
  }
}
