import type { LedgerAppended } from '@muster/contracts';

/** What readiness and metrics ask a follower. */
export interface FollowerStatus {
  readonly position: number;
  /** The newest position heard of, from the store, a broadcast or a caller. */
  readonly knownHead: number;
  /** The state once was as of the store's head, and has not been lost since. */
  readonly reachedHead: boolean;
  /** Milliseconds since the store last answered; `Infinity` before its first answer. */
  readonly storeSilentMs: number;
  /** Why the last catch-up failed, while it does. */
  readonly failure: string | null;
}

/** What a follower tells as it goes: for logs and metrics. */
export interface FollowerObserver {
  /** Read from the store: at start, over a gap, or on a poll after a lost broadcast. */
  readonly onCaughtUp: (read: { readonly after: number; readonly upTo: number; readonly seconds: number }) => void;
  /** Applied straight from a broadcast. */
  readonly onFollowed: (events: number) => void;
  /** A catch-up failed and is tried again after a pause; the state stays as it is. */
  readonly onFailure: (error: unknown, failuresInARow: number) => void;
  /** The ledger is shorter than what was followed (another database, an older backup): everything is read anew. */
  readonly onLedgerReplaced: (found: { readonly head: number; readonly followed: number }) => void;
  readonly onSnapshotSaved: (position: number, bytes: number) => void;
  readonly onSnapshotFailed: (error: unknown) => void;
}

/**
 * Keeps a fold caught up with a ledger's head.
 *
 * `state` and `position` belong together whenever they are read without an `await` between them. The state is never older than `position` and
 * never newer; while the store is away it stays what it was.
 */
export interface Follower<State> {
  readonly position: number;
  /** Read it, and let it go before the next `await`: it may be changed in place. */
  readonly state: State;
  readonly status: FollowerStatus;

  /** Begins to follow; settles once the head has been reached for the first time, however long the store is away, or on `stop`. */
  readonly start: () => Promise<void>;
  /** True once the state is as of `position` or later, false when it is not within `withinMs`. Never throws. */
  readonly catchUpTo: (position: number, withinMs: number) => Promise<boolean>;
  /** Takes a broadcast: lost, repeated, late or reordered ones do no harm. Never throws. */
  readonly onAppended: (message: LedgerAppended) => void;
  /** Ends following and saves a last snapshot. */
  readonly stop: () => Promise<void>;
}
