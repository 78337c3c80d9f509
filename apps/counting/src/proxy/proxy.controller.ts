import type { InstallationEntry, InstallationsPage, ListInstallations, RecordedEvent } from '@muster/contracts';
import { decodeBody, listInstallationsSchema, subjects } from '@muster/contracts';
import { listProxyRequests } from '@muster/domain';
import type { EventStore } from '@muster/event-store';
import { toInstant } from '@muster/kernel';
import { CONFIG } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { CountingConfig } from '../counting.config.js';
import { EVENT_STORE } from '../tokens.js';
import { ProxyView } from './proxy-view.js';

/** Installation requests that wait for somebody who can reach the authority. */
@Controller()
export class ProxyController {
  constructor(
    @Inject(ProxyView) private readonly view: ProxyView,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: CountingConfig,
  ) {}

  @MessagePattern(subjects.proxyList)
  async list(@Payload({ schema: listInstallationsSchema }) query: ListInstallations): Promise<InstallationsPage> {
    const { entries, next, head } = await this.view.read((requests, position) => ({ ...listProxyRequests(requests, query), head: position }));
    const events = entries.length === 0 ? [] : await this.store.readAt(this.config.ledger, entries.map(({ position }) => position));
    const requests = await Promise.all(events.map((event) => this.entryOf(event, query.personal)));
    return { requests, ...(next === undefined ? {} : { next }), head };
  }

  private async entryOf(recorded: RecordedEvent, personal: boolean): Promise<InstallationEntry> {
    const event = decodeBody(recorded);
    if (event.type !== 'ProxyActivationRequested') throw new Error(`position ${recorded.position} holds no installation request`);
    const { machine, product, request, requestDigest } = event.data;
    const hostname = personal ? await this.nameOf(machine, recorded.requestId) : null;
    return { machine, product, request, requestDigest, requestedAt: toInstant(recorded.recordedAtMs), position: recorded.position, hostname };
  }

  /** Stands beside the ledger; null when the machine gave none, or it was erased. */
  private async nameOf(machine: string, requestId: string | null): Promise<string | null> {
    const known = await this.store.readPersonalData(this.config.ledger, machine);
    return known.find((one) => one.requestId === requestId)?.hostname ?? null;
  }
}
