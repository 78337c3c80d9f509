import type { EventStore, Follower } from '@muster/event-store';
import { Problem } from '@muster/kernel';
import { CONFIG } from '@muster/service';
import { Inject, Injectable } from '@nestjs/common';
import type { LeaseRenewalConfig } from '../lease-renewal.config.js';
import { EVENT_STORE, LEASE_FOLLOWER } from '../wiring/tokens.js';
import type { LeaseView } from './lease-view.fold.js';

const CATCH_UP_MS_MAX = 2000;

export interface LeasesAt {
  readonly view: LeaseView;
  readonly position: number;
  /** By the store's clock, which all replicas share. */
  readonly atMs: number;
}

/** The leases as of the store's head at the moment of asking, so that no replica answers from before an answer that a client already holds. */
@Injectable()
export class CurrentLeases {
  constructor(
    @Inject(LEASE_FOLLOWER) private readonly follower: Follower<LeaseView>,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: LeaseRenewalConfig,
  ) {}

  /** @throws Problem `unavailable` when the store is away or this replica too far behind */
  async read<T>(use: (at: LeasesAt) => T): Promise<T> {
    const { head, storeNowMs } = await this.store.headNow(this.config.ledger);
    if (!(await this.follower.catchUpTo(head.position, CATCH_UP_MS_MAX))) {
      throw new Problem('unavailable', `The leases are as of position ${this.follower.position}, behind ${head.position}.`);
    }
    return use({ view: this.follower.state, position: this.follower.position, atMs: Math.max(head.recordedAtMs, storeNowMs) });
  }
}
