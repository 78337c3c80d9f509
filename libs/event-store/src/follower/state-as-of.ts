import { Problem } from '@muster/kernel';
import type { LedgerSource } from './catch-up.js';
import { catchUp } from './catch-up.js';
import { FoldCursor } from './fold-cursor.js';
import type { FollowedFold } from './followed-fold.js';

export interface StateAsOfQuery<State> extends LedgerSource {
  readonly fold: FollowedFold<State>;
  readonly position: number;
  /** Replays from the first event even where a snapshot would save time: to check the snapshots themselves. */
  readonly fromZero?: boolean;
  /** Now and then, with the position reached. */
  readonly onProgress?: (position: number) => void;
  /** Ends the replay early: the promise then rejects. */
  readonly signal?: AbortSignal;
}

/**
 * The fold's state as of a position, in a state of its own: nothing that is being followed is touched.
 *
 * Costs a replay from the newest snapshot at or before the position. Callers bound how many they run at a time.
 *
 * @throws Problem `invalid-as-of` when the ledger has not reached the position; `unavailable` when the store is away
 */
export const stateAsOf = async <State>(query: StateAsOfQuery<State>): Promise<State> => {
  const { store, ledger, fold, position, onProgress, signal } = query;
  const head = await store.head(ledger);
  if (!Number.isSafeInteger(position) || position < 0 || position > head.position) {
    throw new Problem('invalid-as-of', `The ledger ends at position ${head.position}.`);
  }
  const cursor = new FoldCursor(fold);
  if (query.fromZero !== true) await restoreNewest(query, cursor);
  await catchUp({ store, ledger }, cursor, position, { ...(onProgress === undefined ? {} : { onProgress }), ...(signal === undefined ? {} : { signal }) });
  signal?.throwIfAborted();
  return cursor.state;
};

const restoreNewest = async <State>({ store, ledger, fold, position }: StateAsOfQuery<State>, cursor: FoldCursor<State>): Promise<void> => {
  if (fold.snapshots === undefined || position === 0) return;
  const snapshot = await store.loadSnapshot({ ledger, fold: fold.name, foldVersion: fold.snapshots.version }, position);
  if (snapshot === undefined) return;
  try {
    cursor.restore(snapshot);
  } catch {
    cursor.clear(); // unreadable: the replay from the beginning gives the same state
  }
};
