import type { RecordedEvent } from '@muster/contracts';
import type { Clock } from '@muster/kernel';
import { Problem, systemClock } from '@muster/kernel';
import { acceptsTimeStep, CLOCK_SKEW_MS_MAX, clockSkew, isTimeStep, timeStep } from '../clock-rule.js';
import type { AppendBatch, AppendResult, ColumnsRow, EventStore, ReadQuery, RequestKey, Snapshot, SnapshotKey } from '../event-store.port.js';
import { sameBytes, sameHead } from '../hashing/leaf-hash.js';
import { sealBatch } from '../hashing/seal-batch.js';
import { SNAPSHOT_KEPT_EVERY_POSITIONS, SNAPSHOTS_KEPT } from '../snapshots-kept.js';
import type { InMemoryLedger, InMemoryLedgers } from './in-memory.ledgers.js';
import { createInMemoryLedgers } from './in-memory.ledgers.js';

export interface InMemoryEventStoreOptions {
  /** This process's clock. */
  readonly clock: Clock;
  /** Stands for the database's clock in the clock rule. Default: the system's. */
  readonly storeClock?: Clock;
  /** Shared by stores that stand for services on one database. Default: its own. */
  readonly ledgers?: InMemoryLedgers;
}

/** Partitions never run out here. */
const SPARE_PARTITIONS = Number.MAX_SAFE_INTEGER;

const requestKey = ({ machine, requestId }: RequestKey): string => `${machine} ${requestId}`;
const snapshotKey = ({ ledger, fold, foldVersion }: SnapshotKey): string => JSON.stringify([ledger, fold, foldVersion]);

const rowOf = ({ position, recordedAtMs, columns: { kind, seen, pool, machine } }: RecordedEvent): ColumnsRow => ({ position, recordedAtMs, kind, seen, pool, machine });

const append = (ledger: InMemoryLedger, batch: AppendBatch, storeNowMs: number): AppendResult => {
  const { head, events } = sealBatch(batch);
  const recorded = ledger.events[head.position - 1];
  if (recorded !== undefined && sameBytes(recorded.runningHash, head.runningHash)) return { outcome: 'appended', head, events };
  if (!sameHead(ledger.head, batch.expectedHead)) return { outcome: 'moved', head: ledger.head };
  if (Math.abs(batch.nowMs - storeNowMs) > CLOCK_SKEW_MS_MAX) throw clockSkew(batch.nowMs, storeNowMs);
  const known = batch.requests.flatMap((request) => ledger.requests.get(requestKey(request)) ?? []);
  if (known.length > 0) return { outcome: 'known', head: ledger.head, known };
  if (isTimeStep(ledger.head, batch.recordedAtMs) && !acceptsTimeStep(batch)) throw timeStep(ledger.head, batch.recordedAtMs);
  for (const { outcomeIndex, ...request } of batch.requests) {
    ledger.requests.set(requestKey(request), { ...request, position: batch.expectedHead.position + 1 + outcomeIndex });
  }
  ledger.events.push(...events);
  const kept = new Set(ledger.personal.map(requestKey));
  ledger.personal = [...ledger.personal, ...batch.personal.filter((one) => !kept.has(requestKey(one)))];
  ledger.head = head;
  return { outcome: 'appended', head, events };
};

const read = ({ events }: InMemoryLedger, { after, upTo = Infinity, limit, types, machine }: ReadQuery): readonly RecordedEvent[] => {
  const found: RecordedEvent[] = [];
  for (let index = after; index < Math.min(events.length, upTo) && found.length < limit; index += 1) {
    const event = events[index];
    if (event === undefined || (types !== undefined && !types.includes(event.type))) continue;
    if (machine === undefined || event.columns.machine === machine) found.push(event);
  }
  return found;
};

const readAt = (name: string, { events }: InMemoryLedger, positions: readonly number[]): readonly RecordedEvent[] =>
  positions.map((position) => {
    const event = events[position - 1];
    if (event === undefined) throw new Error(`ledger ${name} has no event at position ${position}`);
    return event;
  });

const replay = (name: string, ledger: InMemoryLedger, after: number, upTo: number, onRow: (row: ColumnsRow) => void): void => {
  for (let position = after + 1; position <= upTo; position += 1) {
    const event = ledger.events[position - 1];
    if (event === undefined) throw new Error(`ledger ${name} has no event at position ${position}`);
    onRow(rowOf(event));
  }
};

/** An event store that forgets everything with its process, for tests of what stands on the port. It passes the same conformance suite. */
export const createInMemoryEventStore = ({ clock, storeClock = systemClock, ledgers = createInMemoryLedgers() }: InMemoryEventStoreOptions): EventStore => {
  let closed = false;
  const turns: (() => Promise<void>)[] = [];
  /** Answers a turn of the event loop later, as a database would, so that callers cannot come to rely on less. */
  const answer = async <T>(work: () => T): Promise<T> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (closed) throw new Problem('unavailable', 'the event store is closed');
    return work();
  };
  const snapshotsOf = (key: SnapshotKey): readonly Snapshot[] => ledgers.snapshots.get(snapshotKey(key)) ?? [];

  return {
    head: (ledger) => answer(() => ledgers.ledger(ledger).head),
    headNow: (ledger) => answer(() => ({ head: ledgers.ledger(ledger).head, storeNowMs: storeClock.nowMs() })),
    append: (batch) => answer(() => append(ledgers.ledger(batch.ledger), batch, storeClock.nowMs())),
    read: (query) => answer(() => read(ledgers.ledger(query.ledger), query)),
    readAt: (ledger, positions) => answer(() => readAt(ledger, ledgers.ledger(ledger), positions)),
    findRequests: (name, keys) =>
      answer(() => {
        const { head, requests } = ledgers.ledger(name);
        return { head, known: keys.flatMap((key) => requests.get(requestKey(key)) ?? []) };
      }),
    positionAt: (ledger, instantMs) => answer(() => ledgers.ledger(ledger).events.findLast(({ recordedAtMs }) => recordedAtMs <= instantMs)?.position ?? 0),
    replay: ({ ledger, after, upTo }, onRow) => answer(() => replay(ledger, ledgers.ledger(ledger), after, upTo, onRow)),
    loadSnapshot: (key, upTo = Infinity) =>
      answer(() => snapshotsOf(key).findLast(({ position }) => position <= Math.min(upTo, ledgers.ledger(key.ledger).head.position))),
    saveSnapshot: (key, snapshot) =>
      answer(() => {
        const others = snapshotsOf(key).filter(({ position }) => position !== snapshot.position);
        const sorted = [...others, { ...snapshot, state: Uint8Array.from(snapshot.state) }].sort((a, b) => a.position - b.position);
        const span = (position: number): number => Math.floor(position / SNAPSHOT_KEPT_EVERY_POSITIONS);
        const isFirstOfSpan = ({ position }: Snapshot, index: number): boolean => span(sorted[index - 1]?.position ?? -1) !== span(position);
        ledgers.snapshots.set(snapshotKey(key), sorted.filter((one, index) => index >= sorted.length - SNAPSHOTS_KEPT || isFirstOfSpan(one, index)));
      }),
    readPersonalData: (ledger, machine) => answer(() => ledgers.ledger(ledger).personal.filter((one) => one.machine === machine).sort((a, b) => (a.requestId < b.requestId ? -1 : 1))),
    erasePersonalData: (name, machine) =>
      answer(() => {
        const ledger = ledgers.ledger(name);
        const kept = ledger.personal.filter((one) => one.machine !== machine);
        const erased = ledger.personal.length - kept.length;
        ledger.personal = kept;
        return erased;
      }),
    takeTurn: async (ledger, waitMsMax) => {
      await answer(() => undefined);
      const giveBack = await ledgers.turns.take(ledger, waitMsMax);
      turns.push(giveBack);
      return giveBack;
    },
    health: (ledger) =>
      answer(() => {
        const { position, recordedAtMs } = ledgers.ledger(ledger).head;
        const nowMs = clock.nowMs();
        return { head: position, headRecordedAtMs: recordedAtMs, nowMs, clockOffsetMs: Math.round(nowMs - storeClock.nowMs()), sparePartitions: SPARE_PARTITIONS };
      }),
    close: async () => {
      closed = true;
      // As a session's end does.
      for (const giveBack of turns) await giveBack();
    },
  };
};
