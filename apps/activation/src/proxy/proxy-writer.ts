import type { HostState, ProxyRequests } from '@muster/domain';
import { wasEverProduction } from '@muster/domain';
import type { Follower, LedgerWriter } from '@muster/event-store';
import { createLedgerWriter } from '@muster/event-store';
import { decideUnlessProduction } from '@muster/service';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { HOST_FOLLOWER, PROXY_FOLLOWER, WRITTEN_LEDGER } from '../wiring/tokens.js';
import type { WrittenLedger } from '../wiring/written-ledger.js';
import type { ProxyAnswer, ProxyCommand } from './decide-proxies.js';
import { decideProxies, identifyProxy } from './decide-proxies.js';

/** Records installation requests and their answers. */
@Injectable()
export class ProxyWriter implements OnApplicationShutdown {
  private readonly writer: LedgerWriter<ProxyCommand, ProxyAnswer>;

  constructor(
    @Inject(WRITTEN_LEDGER) ledger: WrittenLedger,
    @Inject(HOST_FOLLOWER) hosts: Follower<HostState>,
    @Inject(PROXY_FOLLOWER) requests: Follower<ProxyRequests>,
  ) {
    const decide = decideUnlessProduction(ledger.clock, () => wasEverProduction(hosts.state), decideProxies({ store: ledger.store, hosts, requests }));
    this.writer = createLedgerWriter({ ...ledger, identify: identifyProxy, decide });
  }

  submit(command: ProxyCommand): Promise<ProxyAnswer> {
    return this.writer.submit(command);
  }

  onApplicationShutdown(): Promise<void> {
    return this.writer.stop();
  }
}
