import type { TallyAnswer, TallyRequest } from '@muster/contracts';
import { subjects, tallyRequestSchema } from '@muster/contracts';
import { tally } from '@muster/domain';
import type { Follower } from '@muster/event-store';
import { Problem } from '@muster/kernel';
import { CONFIG } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { CountingConfig } from '../counting.config.js';
import { FOLLOWER } from '../tokens.js';
import type { CountingView } from '../view/counting-view.fold.js';

/** How long a tally waits for this replica to reach the head it is asked for; the writer holds its turn meanwhile. */
const CATCH_UP_MS_MAX = 1000;

/** What is caught up with in a few milliseconds. */
const CATCH_UP_EVENTS_MAX = 10_000;

/** "As of head H, at now, these machines bring the counts to …": for exactly that H, or not at all. */
@Controller()
export class TallyController {
  constructor(
    @Inject(FOLLOWER) private readonly follower: Follower<CountingView>,
    @Inject(CONFIG) private readonly config: CountingConfig,
  ) {}

  @MessagePattern(subjects.countingTally)
  async tally(@Payload({ schema: tallyRequestSchema }) { ledger, head, nowMs, arrivals }: TallyRequest): Promise<TallyAnswer> {
    if (ledger !== this.config.ledger) throw new Problem('not-found', `This service counts ledger ${this.config.ledger}.`);
    const { reachedHead, position } = this.follower.status;
    // Starting up, or over a gap that takes a replay: another replica is asked sooner than this one is there.
    if (!reachedHead || head - position > CATCH_UP_EVENTS_MAX) throw new Problem('unavailable', `The counts are as of position ${position}, far behind ${head}.`);
    if (!(await this.follower.catchUpTo(head, CATCH_UP_MS_MAX))) {
      throw new Problem('unavailable', `The counts are as of position ${this.follower.position}, behind ${head}.`);
    }
    // No await from here on: position and state belong together.
    if (this.follower.position !== head) return { status: 'moved', head: this.follower.position };
    return { status: 'tallied', counts: [...tally(this.follower.state.counts, arrivals, nowMs)] };
  }
}
