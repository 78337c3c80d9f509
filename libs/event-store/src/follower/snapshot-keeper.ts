import type { SnapshotKey } from '../event-store.port.js';
import type { LedgerSource } from './catch-up.js';
import type { FoldCursor } from './fold-cursor.js';

/** A restart reads at most about this many rows: a fraction of a second. */
export const SNAPSHOT_EVERY_EVENTS = 50_000;

/**
 * A big state is stored less often: what snapshots write stays below this for each event followed, and the longer tail that a restart
 * then reads takes no longer than reading the snapshot itself.
 */
const SNAPSHOT_BYTES_PER_EVENT_MAX = 64;

export interface SnapshotKeeperOptions<State> {
  readonly source: LedgerSource;
  readonly cursor: FoldCursor<State>;
  readonly everyEvents: number;
  readonly onSaved: (position: number, bytes: number) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Loads and saves the snapshots of one fold. Losing one costs time, never the state: every failure to save is only told. */
export class SnapshotKeeper<State> {
  readonly #options: SnapshotKeeperOptions<State>;
  #triedAt = 0;
  #savedAt = 0;
  #lastBytes = 0;
  #saving: Promise<void> | undefined;

  constructor(options: SnapshotKeeperOptions<State>) {
    this.#options = options;
  }

  /**
   * Puts the newest usable snapshot at or before `upTo` into the cursor.
   *
   * @throws Problem `unavailable` when the store is away
   */
  async load(upTo: number): Promise<void> {
    const { source, cursor, onFailure } = this.#options;
    const key = this.#key();
    if (key === undefined) return;
    const snapshot = await source.store.loadSnapshot(key, upTo);
    if (snapshot === undefined) return;
    try {
      cursor.restore(snapshot);
      this.#triedAt = snapshot.position;
      this.#savedAt = snapshot.position;
      this.#lastBytes = snapshot.state.length;
    } catch (error) {
      // Disposable: the replay from the beginning gives the same state.
      onFailure(error);
    }
  }

  saveIfDue(): void {
    const { cursor, everyEvents } = this.#options;
    const dueAfter = Math.max(everyEvents, this.#lastBytes / SNAPSHOT_BYTES_PER_EVENT_MAX);
    if (this.#saving !== undefined || cursor.position - this.#triedAt < dueAfter) return;
    this.#saving = this.#save().finally(() => {
      this.#saving = undefined;
    });
  }

  /** Saves what a restart would otherwise read again. */
  async saveLast(): Promise<void> {
    await this.#saving;
    if (this.#options.cursor.position > this.#savedAt) await this.#save();
  }

  /** The ledger is not the one that was followed: its snapshots start anew. */
  forget(): void {
    this.#triedAt = 0;
    this.#savedAt = 0;
  }

  async #save(): Promise<void> {
    const { source, cursor, onSaved, onFailure } = this.#options;
    const key = this.#key();
    if (key === undefined || cursor.fold.snapshots === undefined) return;
    // Taken together, before the first await: position and state belong to each other.
    const { position } = cursor;
    this.#triedAt = position;
    try {
      const state = cursor.fold.snapshots.serialize(cursor.state);
      await source.store.saveSnapshot(key, { position, state });
      this.#savedAt = position;
      this.#lastBytes = state.length;
      onSaved(position, state.length);
    } catch (error) {
      onFailure(error);
    }
  }

  #key(): SnapshotKey | undefined {
    const { source, cursor } = this.#options;
    const format = cursor.fold.snapshots;
    return format && { ledger: source.ledger, fold: cursor.fold.name, foldVersion: format.version };
  }
}
