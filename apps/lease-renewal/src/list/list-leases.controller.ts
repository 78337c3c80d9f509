import type { LeasesPage, ListLeases } from '@muster/contracts';
import { listLeasesSchema, subjects } from '@muster/contracts';
import { listLeases } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { Problem } from '@muster/kernel';
import { CLOCK, CONFIG, type ServiceClock } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { LeaseRenewalConfig } from '../lease-renewal.config.js';
import type { LeaseView } from '../view/lease-view.fold.js';
import { EVENT_STORE, LEASE_FOLLOWER } from '../wiring/tokens.js';

const CATCH_UP_MS_MAX = 2000;

/** Lists as of the store's head at the moment of asking, so that no replica answers from before an answer that a client already holds. */
@Controller()
export class ListLeasesController {
  constructor(
    @Inject(LEASE_FOLLOWER) private readonly follower: Follower<LeaseView>,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: ServiceClock,
    @Inject(CONFIG) private readonly config: LeaseRenewalConfig,
  ) {}

  @MessagePattern(subjects.leaseList)
  async list(@Payload({ schema: listLeasesSchema }) query: ListLeases): Promise<LeasesPage> {
    const head = await this.store.head(this.config.ledger);
    if (!(await this.follower.catchUpTo(head.position, CATCH_UP_MS_MAX))) {
      throw new Problem('unavailable', `The leases are as of position ${this.follower.position}, behind ${head.position}.`);
    }
    const { leases, next } = listLeases(this.follower.state.leases, query, Math.max(head.recordedAtMs, this.clock.nowMs()));
    return { leases: [...leases], ...(next === undefined ? {} : { next }), head: this.follower.position };
  }
}
