import type { AsOf } from '@muster/contracts';
import type { EventStore } from '@muster/event-store';
import { stateAsOf } from '@muster/event-store';
import { Problem } from '@muster/kernel';
import { CONFIG } from '@muster/service';
import { Inject, Injectable } from '@nestjs/common';
import type { CountingConfig } from '../counting.config.js';
import { EVENT_STORE } from '../tokens.js';
import { countingViewFold } from '../view/counting-view.fold.js';
import type { ViewAt } from '../view/view-at.js';

/** Each replays up to a snapshot interval into a state of its own; more at once would cost the memory and time of the tallies. */
const CONCURRENT_MAX = 4;

/** Views of the past: the newest snapshot before the point, and the rows from there. */
@Injectable()
export class CountAsOf {
  private running = 0;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: CountingConfig,
  ) {}

  /**
   * As of a position, machines are aged at that position's time; as of an instant, at the instant.
   *
   * @throws Problem `invalid-as-of` for a position above the head or an instant in the future; `overloaded`
   */
  async view(asOf: AsOf): Promise<ViewAt> {
    if (this.running >= CONCURRENT_MAX) throw new Problem('overloaded', `${CONCURRENT_MAX} counts of the past are being rebuilt already.`);
    this.running += 1;
    try {
      return 'position' in asOf ? await this.atPosition(asOf.position) : await this.atInstant(Date.parse(asOf.instant));
    } finally {
      this.running -= 1;
    }
  }

  private async atPosition(position: number): Promise<ViewAt> {
    const view = await this.replayTo(position);
    return { view, position, atMs: view.recordedAtMs, final: true };
  }

  private async atInstant(atMs: number): Promise<ViewAt> {
    // The head first: what is recorded after it was read must not make an answer final that lacks it.
    const { head, storeNowMs } = await this.store.headNow(this.config.ledger);
    if (atMs > storeNowMs) throw new Problem('invalid-as-of', 'The instant lies in the future.');
    const position = await this.store.positionAt(this.config.ledger, atMs);
    return { view: await this.replayTo(position), position, atMs, final: head.recordedAtMs > atMs };
  }

  private replayTo(position: number) {
    return stateAsOf({ store: this.store, ledger: this.config.ledger, fold: countingViewFold, position });
  }
}
