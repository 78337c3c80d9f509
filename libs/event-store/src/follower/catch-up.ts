import { decodeBody } from '@muster/contracts';
import type { RecordedEvent } from '@muster/contracts';
import type { ColumnsRow, EventStore } from '../event-store.port.js';
import type { FoldCursor } from './fold-cursor.js';

/** Rows of one replay statement: bounds the rows held while a body is fetched (about 10 MB), and how long a stop waits. */
const CHUNK_ROWS_MAX = 100_000;

/** Whole events of one read: a host certificate is a few KB, so a page stays below a megabyte. */
const WHOLE_EVENTS_PAGE = 200;

export interface LedgerSource {
  readonly store: EventStore;
  readonly ledger: string;
}

export interface CatchUpOptions {
  /** After each chunk, with the cursor's position. */
  readonly onProgress?: (position: number) => void;
  /** Ends the catch-up early, between two chunks. */
  readonly signal?: AbortSignal;
}

const rowOf = ({ position, recordedAtMs, columns }: RecordedEvent): ColumnsRow => ({
  position,
  recordedAtMs,
  kind: columns.kind,
  seen: columns.seen,
  pool: columns.pool,
  machine: columns.machine,
});

const admitWhole = <State>(cursor: FoldCursor<State>, recorded: RecordedEvent): void => {
  // Below the cursor by now (a broadcast was quicker): not worth decoding.
  if (recorded.position > cursor.position) cursor.admit(rowOf(recorded), decodeBody(recorded));
};

const admitHeld = async <State>({ store, ledger }: LedgerSource, cursor: FoldCursor<State>, held: readonly ColumnsRow[]): Promise<void> => {
  const positions = held.filter((row) => cursor.wholeKinds.has(row.kind)).map((row) => row.position);
  let from = 0;
  for (let start = 0; start < positions.length; start += WHOLE_EVENTS_PAGE) {
    const page = await store.readAt(ledger, positions.slice(start, start + WHOLE_EVENTS_PAGE));
    const wholeAt = new Map(page.map((recorded) => [recorded.position, recorded]));
    const next = positions[start + WHOLE_EVENTS_PAGE] ?? Infinity;
    for (let row = held[from]; row !== undefined && row.position < next; row = held[(from += 1)]) {
      const whole = wholeAt.get(row.position);
      if (whole === undefined) cursor.admit(row);
      else admitWhole(cursor, whole);
    }
  }
};

/** Streams narrow rows. From the first row whose body is needed, the rest of the chunk is held until the bodies are there. */
const replayRows = async <State>(source: LedgerSource, cursor: FoldCursor<State>, upTo: number): Promise<void> => {
  const held: ColumnsRow[] = [];
  await source.store.replay({ ledger: source.ledger, after: cursor.position, upTo }, (row) => {
    if (held.length > 0 || cursor.wholeKinds.has(row.kind)) held.push(row);
    else cursor.admit(row);
  });
  await admitHeld(source, cursor, held);
  if (cursor.position < upTo) throw new Error(`${cursor.fold.name}: the replay to ${upTo} ended at ${cursor.position}`);
};

/** Reads only the fold's own types: what lies between them is passed over, and passing is exact because a ledger never changes below its head. */
const readTypes = async <State>({ store, ledger }: LedgerSource, cursor: FoldCursor<State>, upTo: number): Promise<void> => {
  let after = cursor.position;
  const page = await store.read({ ledger, after, upTo, limit: WHOLE_EVENTS_PAGE, types: cursor.fold.wholeTypes });
  for (const recorded of page) {
    cursor.pass({ after, upTo: recorded.position - 1 });
    admitWhole(cursor, recorded);
    after = recorded.position;
  }
  if (page.length < WHOLE_EVENTS_PAGE) cursor.pass({ after, upTo });
};

/**
 * Brings a fold from where its cursor is to `upTo`, which the ledger must have reached. What was applied stays applied when it fails.
 *
 * @throws Problem `unavailable` when the store is away
 * @throws Error when an event cannot be read by this build, or the fold failed
 */
export const catchUp = async <State>(source: LedgerSource, cursor: FoldCursor<State>, upTo: number, options: CatchUpOptions = {}): Promise<void> => {
  while (cursor.position < upTo && options.signal?.aborted !== true) {
    if (cursor.fold.applyRow === undefined) await readTypes(source, cursor, upTo);
    else await replayRows(source, cursor, Math.min(upTo, cursor.position + CHUNK_ROWS_MAX));
    options.onProgress?.(cursor.position);
  }
};
