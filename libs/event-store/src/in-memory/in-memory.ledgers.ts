import type { RecordedEvent } from '@muster/contracts';
import type { Head, KnownRequest, PersonalData, Snapshot } from '../event-store.port.js';
import { GENESIS_HASH } from '../hashing/leaf-hash.js';
import { InMemoryTurns } from './in-memory.turns.js';

export interface InMemoryLedger {
  head: Head;
  /** At index position − 1. */
  readonly events: RecordedEvent[];
  readonly requests: Map<string, KnownRequest>;
  personal: readonly PersonalData[];
}

/** What several in-memory stores can share, as several services share a database. */
export interface InMemoryLedgers {
  readonly ledger: (name: string) => InMemoryLedger;
  readonly snapshots: Map<string, readonly Snapshot[]>;
  readonly turns: InMemoryTurns;
}

/** A ledger begins to exist, empty, when it is first named: there is no migration here. */
export const createInMemoryLedgers = (): InMemoryLedgers => {
  const ledgers = new Map<string, InMemoryLedger>();
  const empty = (): InMemoryLedger => ({
    head: { position: 0, recordedAtMs: 0, runningHash: GENESIS_HASH },
    events: [],
    requests: new Map(),
    personal: [],
  });
  return {
    ledger: (name) => {
      const ledger = ledgers.get(name) ?? empty();
      ledgers.set(name, ledger);
      return ledger;
    },
    snapshots: new Map(),
    turns: new InMemoryTurns(),
  };
};
