import type { DomainEvent, RecordedEvent, SeenCode } from '@muster/contracts';

/** Where a ledger ends. An empty ledger has position 0, `recordedAtMs` 0 and 32 zero bytes as its running hash. */
export interface Head {
  readonly position: number;
  readonly recordedAtMs: number;
  readonly runningHash: Uint8Array;
}

/** A decided event, before it has a place. */
export interface NewEvent {
  readonly event: DomainEvent;
  readonly actor: string;
  readonly requestId: string | null;
  /** The event just before it in the same batch caused it (ActivationRequested, then its outcome). */
  readonly causedByPrevious: boolean;
}

/** The one outcome of a machine's request id, written with its events. */
export interface NewRequest {
  readonly machine: string;
  readonly requestId: string;
  readonly contentDigest: string;
  /** Index in the batch of the event that tells the outcome. */
  readonly outcomeIndex: number;
}

/** Erasable beside the ledger: never part of a body or a hash. One for each request id of a machine: what stands there stays when an id is used again after it was forgotten. */
export interface PersonalData {
  readonly machine: string;
  readonly requestId: string;
  readonly hostname: string;
  readonly address: string | null;
}

export interface AppendBatch {
  readonly ledger: string;
  /** The head that everything was decided from. */
  readonly expectedHead: Head;
  /** max(head's recordedAt, now), fixed before deciding; one value for the batch. */
  readonly recordedAtMs: number;
  /** The writer's clock: refused when more than 5 s from PostgreSQL's own. */
  readonly nowMs: number;
  readonly events: readonly NewEvent[];
  readonly requests: readonly NewRequest[];
  readonly personal: readonly PersonalData[];
}

export type AppendResult =
  | { readonly outcome: 'appended'; readonly head: Head; readonly events: readonly RecordedEvent[] }
  /** Somebody else appended: nothing was written. Read everything again. */
  | { readonly outcome: 'moved'; readonly head: Head }
  /** Some of the batch's request ids have an outcome already: nothing was written. As of the expected head. */
  | { readonly outcome: 'known'; readonly head: Head; readonly known: readonly KnownRequest[] };

export interface RequestKey {
  readonly machine: string;
  readonly requestId: string;
}

/** What the ledger holds for a request id. */
export interface KnownRequest extends RequestKey {
  readonly contentDigest: string;
  readonly position: number;
}

export interface ReadQuery {
  readonly ledger: string;
  /** Exclusive. */
  readonly after: number;
  /** Inclusive; up to the head when left out. */
  readonly upTo?: number;
  readonly limit: number;
  readonly types?: readonly string[];
  readonly machine?: string;
}

/** The narrow row that folds replay: no body. */
export interface ColumnsRow {
  readonly position: number;
  readonly recordedAtMs: number;
  readonly kind: number;
  readonly seen: SeenCode;
  readonly pool: string | null;
  readonly machine: string | null;
}

export interface ReplayQuery {
  readonly ledger: string;
  /** Exclusive. */
  readonly after: number;
  /** Inclusive. */
  readonly upTo: number;
}

export interface Snapshot {
  readonly position: number;
  readonly state: Uint8Array;
}

export interface SnapshotKey {
  readonly ledger: string;
  readonly fold: string;
  /** Raised when the shape of the state changes: older snapshots are then ignored. */
  readonly foldVersion: number;
}

/**
 * One organisation's ledgers: append-only, gapless, totally ordered.
 *
 * Every method throws `Problem('unavailable')` when the store cannot be reached; a retry may help. No method returns less than it says.
 */
export interface EventStore {
  readonly head: (ledger: string) => Promise<Head>;

  /** The head, and what time it is by the store's own clock: the one time that all replicas share. */
  readonly headNow: (ledger: string) => Promise<{ readonly head: Head; readonly storeNowMs: number }>;

  /**
   * Appends all events or none, under one commit, if the head is still the expected one and none of the request ids is recorded.
   * An unknown outcome (connection lost while committing) is settled before this returns.
   * The very same batch again, once it is recorded, is answered as appended: a caller left without an answer may repeat it.
   *
   * @throws Problem `clock-skew` when `nowMs` is more than 5 s from the store's own clock; nothing was written
   * @throws Problem `time-step` when `recordedAtMs` is more than 30 days after the head's and the batch does not begin with the `TimeStepAccepted` of that step; nothing was written
   * @throws Problem `unavailable` when nothing was written, or when it cannot be known yet (then `extensions.recorded` is `unknown`); the same request may be sent again
   * @throws Error when the batch itself breaks these rules, or a request id of it is recorded already
   */
  readonly append: (batch: AppendBatch) => Promise<AppendResult>;

  /** Events in position order. */
  readonly read: (query: ReadQuery) => Promise<readonly RecordedEvent[]>;

  /** Whole events at these positions, in the order asked for. @throws Error when one does not exist */
  readonly readAt: (ledger: string, positions: readonly number[]) => Promise<readonly RecordedEvent[]>;

  /** Earlier outcomes of these request ids, and the head that the answer is as of: one snapshot. */
  readonly findRequests: (ledger: string, keys: readonly RequestKey[]) => Promise<{ readonly head: Head; readonly known: readonly KnownRequest[] }>;

  /** The last position recorded at or before an instant; 0 when there is none. */
  readonly positionAt: (ledger: string, instantMs: number) => Promise<number>;

  /**
   * Streams narrow rows in position order, each exactly one above the one before.
   * Awaits `onRow`s only through back-pressure of the stream: `onRow` must be synchronous and quick.
   *
   * @throws Error when a position is missing
   */
  readonly replay: (query: ReplayQuery, onRow: (row: ColumnsRow) => void) => Promise<void>;

  /** The newest snapshot at or before `upTo` (default: the head). */
  readonly loadSnapshot: (key: SnapshotKey, upTo?: number) => Promise<Snapshot | undefined>;
  readonly saveSnapshot: (key: SnapshotKey, snapshot: Snapshot) => Promise<void>;

  readonly readPersonalData: (ledger: string, machine: string) => Promise<readonly PersonalData[]>;
  /** Erases what is stored about a machine beside the ledger. Returns how many rows went. */
  readonly erasePersonalData: (ledger: string, machine: string) => Promise<number>;

  /**
   * Waits for this writer's turn on a ledger and returns how to give it back. Manners, not safety:
   * after `waitMsMax` it returns anyway, so a frozen or vanished holder stalls nobody.
   */
  readonly takeTurn: (ledger: string, waitMsMax: number) => Promise<() => Promise<void>>;

  /** What readiness asks: store reachable, its clock and its last event against our clock, partitions left ahead of the head. */
  readonly health: (ledger: string) => Promise<StoreHealth>;

  readonly close: () => Promise<void>;
}

export interface StoreHealth {
  readonly head: number;
  /** Of the last event; 0 when there is none. */
  readonly headRecordedAtMs: number;
  /** This process's clock when it asked. */
  readonly nowMs: number;
  /** This process's clock minus the store's; positive when ours is ahead. */
  readonly clockOffsetMs: number;
  readonly sparePartitions: number;
}
