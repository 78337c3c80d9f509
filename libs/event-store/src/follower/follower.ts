import type { LedgerAppended } from '@muster/contracts';
import type { Draws } from '@muster/kernel';
import { SECOND_MS, systemDraws } from '@muster/kernel';
import type { EventStore } from '../event-store.port.js';
import { quietly } from '../quietly.js';
import { createAlarm } from './alarm.js';
import type { Wanted } from './broadcast.js';
import { followedEventsOf } from './broadcast.js';
import type { LedgerSource } from './catch-up.js';
import { catchUp } from './catch-up.js';
import { FoldCursor } from './fold-cursor.js';
import type { FollowedFold } from './followed-fold.js';
import type { Follower, FollowerObserver, FollowerStatus } from './follower.types.js';
import { PositionWaiters } from './position-waiters.js';
import { SNAPSHOT_EVERY_EVENTS, SnapshotKeeper } from './snapshot-keeper.js';

/** Safety net for lost broadcasts: one head query every so often, too little to notice. */
const POLL_INTERVAL_MS = 1_000;

/** The pause after a first failed catch-up; it doubles with each further one. */
const RETRY_MS_MIN = 50;
/** A store that comes back is followed again within about a second. */
const RETRY_MS_MAX = 1_000;

export interface FollowerOptions<State> {
  readonly store: EventStore;
  readonly ledger: string;
  readonly fold: FollowedFold<State>;
  readonly observer?: Partial<FollowerObserver>;
  readonly pollIntervalMs?: number;
  readonly snapshotEveryEvents?: number;
  /** Jitter, so that replicas neither poll nor retry in step. */
  readonly draws?: Pick<Draws, 'unit'>;
}

class LedgerFollower<State> implements Follower<State> {
  readonly #source: LedgerSource;
  readonly #cursor: FoldCursor<State>;
  readonly #snapshots: SnapshotKeeper<State>;
  readonly #observer: Partial<FollowerObserver>;
  readonly #draws: Pick<Draws, 'unit'>;
  readonly #pollIntervalMs: number;
  readonly #wanted: Wanted;
  readonly #alarm = createAlarm();
  readonly #waiters = new PositionWaiters();
  readonly #stopping = new AbortController();
  readonly #started: Promise<void>;
  #settleStarted: () => void = () => undefined;
  #running: Promise<void> | undefined;
  #knownHead = 0;
  #reachedHead = false;
  #storeAnsweredAtMs = -Infinity;
  #failuresInARow = 0;
  #failure: string | null = null;

  constructor({ store, ledger, fold, observer = {}, ...options }: FollowerOptions<State>) {
    this.#source = { store, ledger };
    this.#cursor = new FoldCursor(fold);
    this.#wanted = fold.applyRow === undefined ? new Set(fold.wholeTypes) : 'all';
    this.#observer = observer;
    this.#draws = options.draws ?? systemDraws;
    this.#pollIntervalMs = options.pollIntervalMs ?? POLL_INTERVAL_MS;
    this.#started = new Promise((resolve) => {
      this.#settleStarted = resolve;
    });
    this.#snapshots = new SnapshotKeeper({
      source: this.#source,
      cursor: this.#cursor,
      everyEvents: options.snapshotEveryEvents ?? SNAPSHOT_EVERY_EVENTS,
      onSaved: (position, bytes) => quietly(() => observer.onSnapshotSaved?.(position, bytes)),
      onFailure: (error) => quietly(() => observer.onSnapshotFailed?.(error)),
    });
  }

  get position(): number {
    return this.#cursor.position;
  }

  get state(): State {
    return this.#cursor.state;
  }

  get status(): FollowerStatus {
    return {
      position: this.position,
      knownHead: Math.max(this.#knownHead, this.position),
      reachedHead: this.#reachedHead,
      storeSilentMs: performance.now() - this.#storeAnsweredAtMs,
      failure: this.#failure,
    };
  }

  start(): Promise<void> {
    this.#running ??= this.#follow();
    return this.#started;
  }

  catchUpTo(position: number, withinMs: number): Promise<boolean> {
    if (position <= this.position) return Promise.resolve(true);
    if (this.#stopping.signal.aborted) return Promise.resolve(false);
    this.#hint(position);
    return this.#waiters.wait(position, withinMs);
  }

  onAppended(message: LedgerAppended): void {
    if (this.#stopping.signal.aborted || message.ledger !== this.#source.ledger || message.last <= this.position) return;
    const events = message.first <= this.position + 1 ? followedEventsOf(message, this.#wanted) : undefined;
    if (events === undefined) {
      this.#hint(message.last);
      return;
    }
    const before = this.position;
    try {
      let after = message.first - 1;
      for (const { row, event } of events) {
        this.#cursor.pass({ after, upTo: row.position - 1 });
        this.#cursor.admit(row, event);
        after = row.position;
      }
      this.#cursor.pass({ after, upTo: message.last });
    } catch (error) {
      this.#failed(error);
      this.#hint(message.last);
      return;
    }
    quietly(() => this.#observer.onFollowed?.(this.position - before));
    this.#advanced();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#alarm.ring();
    await this.#running;
    this.#waiters.giveUp();
    this.#settleStarted();
    await this.#snapshots.saveLast();
  }

  async #follow(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#reachHead();
      } catch (error) {
        this.#failed(error);
      }
      if (!this.#stopping.signal.aborted) await this.#alarm.sleep(this.#pauseMs());
    }
  }

  /** One catch-up. Only the loop above calls it, so there is never a second one beside it. */
  async #reachHead(): Promise<void> {
    const followed = this.position;
    const head = await this.#source.store.head(this.#source.ledger);
    this.#storeAnsweredAtMs = performance.now();
    if (head.position < followed) this.#startAnew({ head: head.position, followed });
    this.#knownHead = head.position;
    if (this.position === 0 && head.position > 0) await this.#snapshots.load(head.position);

    const after = this.position;
    const { signal } = this.#stopping;
    await catchUp(this.#source, this.#cursor, head.position, { signal, onProgress: () => this.#advanced() });
    if (signal.aborted) return;
    if (after < head.position) {
      const seconds = (performance.now() - this.#storeAnsweredAtMs) / SECOND_MS;
      quietly(() => this.#observer.onCaughtUp?.({ after, upTo: head.position, seconds }));
    }
    this.#advanced();
    this.#failuresInARow = 0;
    this.#failure = null;
    this.#reachedHead = true;
    this.#settleStarted();
  }

  #startAnew(found: { readonly head: number; readonly followed: number }): void {
    quietly(() => this.#observer.onLedgerReplaced?.(found));
    this.#cursor.clear();
    this.#snapshots.forget();
    this.#reachedHead = false;
  }

  #advanced(): void {
    this.#waiters.reached(this.position);
    this.#snapshots.saveIfDue();
  }

  #failed(error: unknown): void {
    this.#failuresInARow += 1;
    this.#failure = error instanceof Error ? error.message : String(error);
    if (this.position === 0) this.#reachedHead = false;
    quietly(() => this.#observer.onFailure?.(error, this.#failuresInARow));
  }

  /** The ledger has grown. All hints are one number: the next catch-up reads the head itself. */
  #hint(position: number): void {
    this.#knownHead = Math.max(this.#knownHead, position);
    // A store that is away is not asked at the pace of hints.
    if (this.#failuresInARow === 0) this.#alarm.ring();
  }

  #pauseMs(): number {
    const jitter = 0.5 + this.#draws.unit() / 2;
    if (this.#failuresInARow === 0) return this.#pollIntervalMs * jitter;
    return Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** (this.#failuresInARow - 1)) * jitter;
  }
}

/** Makes a follower; it does nothing before `start` but take broadcasts. */
export const createFollower = <State>(options: FollowerOptions<State>): Follower<State> => new LedgerFollower(options);
