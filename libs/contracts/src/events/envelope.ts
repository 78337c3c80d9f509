import type { TypedColumns } from './typed-columns.js';

/** Who caused an event, without personal data: `machine:<id>`, `service:<name>`, `operator:<token id>`. */
export type Actor = `${'machine' | 'service' | 'operator'}:${string}`;

/** An event as it stands in the ledger. */
export interface RecordedEvent {
  readonly ledger: string;
  readonly position: number;
  readonly recordedAtMs: number;
  readonly type: string;
  readonly version: number;
  readonly actor: string;
  readonly requestId: string | null;
  /** Position of the event that this one follows from. */
  readonly causationId: number | null;
  /** The exact bytes that were hashed. */
  readonly body: Uint8Array;
  readonly columns: TypedColumns;
  readonly leafHash: Uint8Array;
  /** Hash over all leaf hashes up to and including this event's. */
  readonly runningHash: Uint8Array;
}
