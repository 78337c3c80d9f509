import type { RecordedEvent } from '@muster/contracts';
import { isProblem } from '@muster/kernel';
import { fixedClock } from '@muster/testing';
import type { EventStore } from '../event-store.port.js';
import { fleetFold, fleetText, intercepted, LEDGER } from '../follower/fleet.fixture.js';
import { stateAsOf } from '../follower/state-as-of.js';
import type { LedgerWriterOptions } from './ledger-writer.js';
import { createLedgerWriter } from './ledger-writer.js';
import type { Ask, AskAnswer } from './toy-activation.fixture.js';
import { decideAsks, fleetFromStore, identify } from './toy-activation.fixture.js';
import type { BatchFigures, LedgerWriter, WriterObserver } from './writer.types.js';

export type Writer = LedgerWriter<Ask, AskAnswer>;

export const clock = fixedClock();
const running: Writer[] = [];

export const decideFrom = (store: EventStore): LedgerWriterOptions<Ask, AskAnswer>['decide'] => decideAsks(store, fleetFromStore(store, LEDGER));

export const writerOn = (store: EventStore, options: Partial<LedgerWriterOptions<Ask, AskAnswer>> = {}): Writer => {
  const writer = createLedgerWriter({ store, ledger: LEDGER, clock, identify, decide: decideFrom(store), ...options });
  running.push(writer);
  return writer;
};

export const figures = (): { batches: BatchFigures[]; moved: number[]; observer: Partial<WriterObserver> } => {
  const batches: BatchFigures[] = [];
  const moved: number[] = [];
  return { batches, moved, observer: { onBatch: (batch) => batches.push(batch), onMoved: (round) => moved.push(round) } };
};

/** What came of each submit: the answer, or the problem's kind. */
export const outcomes = async (submitted: readonly Promise<AskAnswer>[]): Promise<readonly (AskAnswer | string)[]> =>
  (await Promise.allSettled(submitted)).map((end) => {
    if (end.status === 'fulfilled') return end.value;
    if (isProblem(end.reason)) return end.reason.kind;
    throw end.reason;
  });

export const fleetAtHead = async (store: EventStore): Promise<string> =>
  fleetText(await stateAsOf({ store, ledger: LEDGER, fold: fleetFold, position: (await store.head(LEDGER)).position }));

export const eventsOf = (store: EventStore): Promise<readonly RecordedEvent[]> => store.read({ ledger: LEDGER, after: 0, limit: 10_000 });

export const withoutTurns = (store: EventStore): EventStore => intercepted(store, { takeTurn: async () => async () => undefined });

/** A gate that the store's appends (or look-ups) stop at until it is opened. */
export const gate = (): { readonly wait: () => Promise<void>; readonly open: () => void; readonly arrived: () => number } => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let arrived = 0;
  return {
    wait: () => {
      arrived += 1;
      return opened;
    },
    open: () => open(),
    arrived: () => arrived,
  };
};

export const stopWriters = async (): Promise<void> => {
  await Promise.all(running.splice(0).map((writer) => writer.stop(0)));
};
