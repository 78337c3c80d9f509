import type { AuthorityState } from '@muster/domain';
import type { EventStore, Follower } from '@muster/event-store';
import { storeReadiness } from '@muster/event-store';
import { Problem } from '@muster/kernel';
import { CLOCK, CONFIG, READINESS, type ReadinessRegistry, type ServiceClock } from '@muster/service';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { AuthorityConfig } from '../authority.config.js';
import type { VendorSigner } from '../vendor/vendor-signer.js';
import { AUTHORITY_FOLLOWER, AUTHORITY_WRITER, EVENT_STORE, VENDOR_SIGNER } from '../wiring/tokens.js';
import type { AuthorityWriter } from './authority-writer.js';
import { signerObjection } from './authority-writer.js';

/** How long a look may wait until the state has reached the head. */
const CATCH_UP_MS_MAX = 2000;

/** The state as of a head that was the ledger's when it was asked for: whoever issued a key finds it in the next list, at any replica. */
@Injectable()
export class CurrentAuthority implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(AUTHORITY_FOLLOWER) private readonly follower: Follower<AuthorityState>,
    @Inject(AUTHORITY_WRITER) private readonly writer: AuthorityWriter,
    @Inject(VENDOR_SIGNER) private readonly signer: VendorSigner,
    @Inject(CONFIG) private readonly config: AuthorityConfig,
    @Inject(CLOCK) private readonly clock: ServiceClock,
    @Inject(READINESS) private readonly readiness: ReadinessRegistry,
  ) {}

  onApplicationBootstrap(): void {
    this.readiness.register('event-store', () => storeReadiness(this.store, this.config.ledger));
    this.readiness.register('authority', () => this.standing());
    // Not awaited: the service starts in any order with its store, and says on /readyz how far it is.
    void this.follower.start();
  }

  /** In order: what is queued is written while the state is still followed, and the store goes last. */
  async onApplicationShutdown(): Promise<void> {
    await this.writer.stop();
    await this.follower.stop();
    await this.store.close();
  }

  /** @throws Problem `unavailable` */
  async read(): Promise<{ readonly state: AuthorityState; readonly position: number }> {
    const head = await this.store.head(this.config.ledger);
    if (!(await this.follower.catchUpTo(head.position, CATCH_UP_MS_MAX))) throw new Problem('unavailable', "The authority's state cannot be read.");
    return { state: this.follower.state, position: this.follower.position };
  }

  private standing(): { readonly status: 'up' | 'down' | 'warn'; readonly detail: string } {
    const { position, reachedHead, failure } = this.follower.status;
    if (!reachedHead || failure !== null) return { status: 'down', detail: `at position ${position}${failure === null ? '' : `: ${failure}`}` };
    const objection = signerObjection(this.signer, this.follower.state, this.clock.nowMs());
    if (objection !== undefined) return { status: 'down', detail: objection.detail };
    return this.follower.state.catalogue === null ? { status: 'warn', detail: 'no catalogue yet' } : { status: 'up', detail: `at position ${position}` };
  }
}
