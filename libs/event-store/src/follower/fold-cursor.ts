import type { DomainEvent } from '@muster/contracts';
import { eventCatalogue } from '@muster/contracts';
import type { ColumnsRow, Snapshot } from '../event-store.port.js';
import type { FollowedFold } from './followed-fold.js';

/**
 * A fold's state and the position that it is as of: at every moment a prefix of the ledger, whole.
 *
 * It is the one gate to the state. What is older is ignored and what is not the next position is refused, so rows may arrive from a
 * replay and from broadcasts at the same time, repeated and in any order, without any other care.
 */
export class FoldCursor<State> {
  readonly fold: FollowedFold<State>;
  readonly wholeKinds: ReadonlySet<number>;
  #state: State;
  #position = 0;

  constructor(fold: FollowedFold<State>) {
    this.fold = fold;
    this.wholeKinds = new Set(fold.wholeTypes.map((type) => eventCatalogue[type].kind));
    this.#state = fold.initialState();
  }

  get state(): State {
    return this.#state;
  }

  get position(): number {
    return this.#position;
  }

  /**
   * Applies the row at the next position; `event` comes with the kinds that the fold reads whole.
   *
   * @throws Error when a position before it is missing, or when the fold failed: the cursor is then back at the beginning
   */
  admit(row: ColumnsRow, event?: DomainEvent): void {
    if (row.position <= this.#position) return;
    if (row.position !== this.#position + 1) throw new Error(`${this.fold.name}: position ${row.position} cannot follow ${this.#position}`);
    this.#state = this.#apply(row, event);
    this.#position = row.position;
  }

  /** Moves over positions that hold nothing for this fold. @throws Error when the cursor is not yet at `after` */
  pass(range: { readonly after: number; readonly upTo: number }): void {
    if (range.after > this.#position) throw new Error(`${this.fold.name}: cannot pass from ${range.after} while at ${this.#position}`);
    this.#position = Math.max(this.#position, range.upTo);
  }

  /** Takes a snapshot's state, unless the cursor is there already. @throws Error when the bytes are not a state */
  restore(snapshot: Snapshot): void {
    if (this.fold.snapshots === undefined || snapshot.position <= this.#position) return;
    this.#state = this.fold.snapshots.deserialize(snapshot.state);
    this.#position = snapshot.position;
  }

  clear(): void {
    this.#state = this.fold.initialState();
    this.#position = 0;
  }

  #apply(row: ColumnsRow, event: DomainEvent | undefined): State {
    const { fold } = this;
    try {
      if (this.wholeKinds.has(row.kind)) {
        if (event === undefined) throw new Error('the body is missing');
        return fold.applyEvent(this.#state, { row, event });
      }
      return fold.applyRow === undefined ? this.#state : fold.applyRow(this.#state, row);
    } catch (cause) {
      // The state may be half changed, and nobody may read a half.
      this.clear();
      throw new Error(`${fold.name}: the fold failed at position ${row.position}`, { cause });
    }
  }
}
