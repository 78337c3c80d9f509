import type { DomainEvent, EventType, PoolCounts } from '@muster/contracts';

/** What of an event's place in the ledger an audit reads; a `RecordedEvent` has all of it. */
export interface AuditedRow {
  readonly position: number;
  readonly recordedAtMs: number;
  readonly version: number;
  readonly actor: string;
  readonly requestId: string | null;
  readonly causationId: number | null;
}

/** An event as it is recorded: where, the exact bytes, and what they say. */
export interface AuditedEvent {
  readonly row: AuditedRow;
  readonly body: Uint8Array;
  /** Of its current version: an older body comes upcast. */
  readonly event: DomainEvent;
}

/** One place where the ledger says something else than the rules do. */
export interface Difference {
  readonly position: number;
  readonly type: EventType;
  /** Of the field, `basis.count`; `type` where another event, or none, would have been recorded; `bytes` where only the bytes differ; `position` and `recordedAt` of the row. */
  readonly path: string;
  readonly recorded: unknown;
  readonly derived: unknown;
  /** The older version of the rules that the event says it was decided by, where it was: a change of the rules may explain the difference. */
  readonly explainedBy: number | null;
}

/** Something of events that the ledger alone does not let anybody decide again. */
export interface NotRedecidable {
  readonly type: EventType;
  /** Which part of the event, or what of its decision. */
  readonly part: string;
  readonly reason: string;
  readonly events: number;
}

export interface AuditReport {
  /** Of the last event that was taken in. */
  readonly position: number;
  readonly events: number;
  /** Events that were derived again and compared. */
  readonly redecided: number;
  /** Exact, however many there are; `kept` holds the first of them. */
  readonly differences: { readonly total: number; readonly unexplained: number; readonly kept: readonly Difference[] };
  readonly notRedecidable: readonly NotRedecidable[];
  /** As of the last event, at its time; by pool. */
  readonly counts: ReadonlyMap<string, PoolCounts>;
}

/** What the rules make of recorded inputs: events, or the reason why nothing would have been recorded. */
export type Derived = { readonly events: readonly DomainEvent[] } | { readonly why: string };
