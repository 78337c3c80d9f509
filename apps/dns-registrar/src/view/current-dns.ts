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
  constructor(
    private readonly follower: Follower<DnsView>,
    private readonly store: Pick<EventStore, 'head' | 'read'>,
    private readonly ledger: string,
  ) {}

  /** The view is read, and let go, within `use`. @throws Problem `unavailable` when the store is away or this replica too far behind */
  async read<T>(use: (at: DnsAt) => T): Promise<T> {
    const deployment = await this.deployment();
    const { position } = await this.store.head(this.ledger);
    // Nothing is awaited after it: a ledger that was replaced is followed from its start, and half of it is no state.
    if (!(await this.follower.catchUpTo(position, CATCH_UP_MS_MAX))) {
      throw new Problem('unavailable', `DNS is known as of position ${this.follower.position}, behind ${position}.`);
    }
    return use({ view: this.follower.state, position: this.follower.position, deployment });
  }

  /** The same for all hosts on one ledger. Asked each time: where another ledger is put in its place, what stands in DNS is another deployment's. */
  private async deployment(): Promise<string | null> {
    const [first] = await this.store.read({ ledger: this.ledger, after: 0, limit: 1 });
    return first === undefined ? null : Buffer.from(first.leafHash).subarray(0, DEPLOYMENT_BYTES).toString('hex');
  }
}
