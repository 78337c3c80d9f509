import { createHash } from 'node:crypto';
import type { ReplayProgress, ReplayReport } from '@muster/contracts';
import { subjects } from '@muster/contracts';
import type { EventStore, Follower } from '@muster/event-store';
import { stateAsOf } from '@muster/event-store';
import { Problem, SECOND_MS } from '@muster/kernel';
import { CONFIG } from '@muster/service';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { CountingConfig } from '../counting.config.js';
import { EVENT_STORE, FOLLOWER } from '../tokens.js';
import type { CountingView } from '../view/counting-view.fold.js';
import { countingViewFold, serializeCountingView } from '../view/counting-view.fold.js';

const PROGRESS_EVERY_MS = 1000;

/** Of all that the service answers from: the counts, the host and the time. */
const digestOf = (view: CountingView): string => createHash('sha256').update(serializeCountingView(view)).digest('base64url');

/** Rebuilds the counts from the first event, beside the running ones, and compares the two at one position. */
@Controller()
export class ReplayController {
  private running = false;

  constructor(
    @Inject(FOLLOWER) private readonly follower: Follower<CountingView>,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: CountingConfig,
  ) {}

  @MessagePattern(subjects.countingReplay)
  async *replay(): AsyncGenerator<ReplayProgress | ReplayReport> {
    if (this.running) throw new Problem('overloaded', 'A replay is running already.');
    this.running = true;
    try {
      yield* this.rebuild();
    } finally {
      this.running = false;
    }
  }

  private async *rebuild(): AsyncGenerator<ReplayProgress | ReplayReport> {
    const { position } = this.follower;
    const liveDigest = digestOf(this.follower.state);
    const startedAtMs = performance.now();
    const seconds = (): number => (performance.now() - startedAtMs) / SECOND_MS;
    let reached = 0;
    const onProgress = (upTo: number): void => void (reached = upTo);
    // A caller who goes away takes the rebuild with it.
    const leaving = new AbortController();
    const rebuilding = stateAsOf({ store: this.store, ledger: this.config.ledger, fold: countingViewFold, position, fromZero: true, onProgress, signal: leaving.signal });
    rebuilding.catch(() => undefined);

    let rebuilt: CountingView | undefined;
    try {
      while (rebuilt === undefined) {
        rebuilt = await withinTick(rebuilding);
        if (rebuilt === undefined) yield { status: 'progress', events: reached, ofEvents: position, seconds: seconds() };
      }
    } finally {
      leaving.abort();
    }
    const took = seconds();
    const rebuiltDigest = digestOf(rebuilt);
    yield { status: 'done', events: position, seconds: took, eventsPerSecond: Math.round(position / took), position, rebuiltDigest, liveDigest, equal: rebuiltDigest === liveDigest };
  }
}

/** The promise's value, or undefined when it is not there within one progress interval. */
const withinTick = async <T>(promise: Promise<T>): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const tick = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PROGRESS_EVERY_MS);
  });
  try {
    return await Promise.race([promise, tick]);
  } finally {
    clearTimeout(timer);
  }
};
