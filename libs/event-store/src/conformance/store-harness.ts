import type { Clock } from '@muster/kernel';
import type { EventStore } from '../event-store.port.js';

/** How the suite gets at one kind of store: several stores on the same ledgers, as several services have. */
export interface StoreHarness {
  /** A ledger that nobody wrote to yet. */
  readonly newLedger: () => Promise<string>;
  /** Another store on the same ledgers, which the harness closes. Without a clock of its own the store's clock is the system's. */
  readonly openStore: (clocks?: { readonly storeClock?: Clock; readonly clock?: Clock }) => EventStore;
  /** Forgets every request id of the ledger, as dropping old partitions does. */
  readonly forgetRequests: (ledger: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export type MakeHarness = () => Promise<StoreHarness>;
