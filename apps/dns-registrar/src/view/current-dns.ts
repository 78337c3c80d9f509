import type { EventStore, Follower } from '@muster/event-store';
import { Problem } from '@muster/kernel';
import type { DnsView } from './dns-view.fold.js';

const CATCH_UP_MS_MAX = 2000;
/** As many bytes of the first event's leaf hash name a deployment. */
const DEPLOYMENT_BYTES = 16;

export interface DnsAt {
  readonly view: DnsView;
  readonly position: number;
  /** Null while the ledger is empty. */
  readonly deployment: string | null;
}

/** What the ledger says as of the store's head at the moment of asking, so that no replica decides from before what another one recorded. */
export class CurrentDns {
  private known: string | undefined;

  constructor(
    private readonly follower: Follower<DnsView>,
    private readonly store: Pick<EventStore, 'head' | 'read'>,
    private readonly ledger: string,
  ) {}

  /** The view is read, and let go, within `use`. @throws Problem `unavailable` when the store is away or this replica too far behind */
  async read<T>(use: (at: DnsAt) => T): Promise<T> {
    const { position } = await this.store.head(this.ledger);
    if (!(await this.follower.catchUpTo(position, CATCH_UP_MS_MAX))) {
      throw new Problem('unavailable', `DNS is known as of position ${this.follower.position}, behind ${position}.`);
    }
    const deployment = await this.deployment();
    return use({ view: this.follower.state, position: this.follower.position, deployment });
  }

  /** The same for all hosts on one ledger, for ever: hence asked once. */
  private async deployment(): Promise<string | null> {
    if (this.known === undefined) {
      const [first] = await this.store.read({ ledger: this.ledger, after: 0, limit: 1 });
      if (first === undefined) return null;
      this.known = Buffer.from(first.leafHash).subarray(0, DEPLOYMENT_BYTES).toString('hex');
    }
    return this.known;
  }
}
