import type { AccessTokens } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { Problem } from '@muster/kernel';
import { CONFIG } from '@muster/service';
import { Inject, Injectable } from '@nestjs/common';
import type { CountingConfig } from '../counting.config.js';
import { ACCESS_FOLLOWER, EVENT_STORE } from '../tokens.js';

/** A handful of events is read, whatever the ledger's length. */
const CATCH_UP_MS_MAX = 1000;

interface AccessAt {
  readonly tokens: AccessTokens;
  readonly position: number;
  readonly nowMs: number;
}

/**
 * The access tokens as of the ledger's head. Followed beside the counts, not with them: only the few events about tokens are read, so that
 * administrators are known at once, also while the counts of a long ledger are still being read.
 */
@Injectable()
export class AccessView {
  constructor(
    @Inject(ACCESS_FOLLOWER) private readonly follower: Follower<AccessTokens>,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: CountingConfig,
  ) {}

  /** As of the store's head at the moment of asking: what was revoked before is known here. @throws Problem `unavailable` */
  async read<T>(use: (at: AccessAt) => T): Promise<T> {
    const { head, storeNowMs } = await this.store.headNow(this.config.ledger);
    if (!(await this.follower.catchUpTo(head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', 'The access tokens cannot be read.');
    return use({ tokens: this.follower.state, position: this.follower.position, nowMs: Math.max(head.recordedAtMs, storeNowMs) });
  }
}
