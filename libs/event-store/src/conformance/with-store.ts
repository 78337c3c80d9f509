import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { AppendResult, EventStore } from '../event-store.port.js';
import type { SampleBatch } from '../testing/sample-batch.js';
import { sampleBatch } from '../testing/sample-batch.js';
import type { MakeHarness, StoreHarness } from './store-harness.js';

/** A store and a fresh ledger for each test of the group that calls this. */
export interface StoreUnderTest {
  readonly harness: () => StoreHarness;
  readonly store: () => EventStore;
  readonly ledger: () => string;
  /** Appends on the present head, now. */
  readonly append: (batch: Pick<SampleBatch, 'requests' | 'events'>) => Promise<AppendResult>;
}

export const withStore = (makeHarness: MakeHarness): StoreUnderTest => {
  let harness: StoreHarness;
  let store: EventStore;
  let ledger: string;
  beforeAll(async () => {
    harness = await makeHarness();
    store = harness.openStore();
  });
  beforeEach(async () => {
    ledger = await harness.newLedger();
  });
  afterAll(() => harness.close());
  return {
    harness: () => harness,
    store: () => store,
    ledger: () => ledger,
    append: async (batch) => store.append(sampleBatch({ ledger, head: await store.head(ledger), nowMs: Date.now(), ...batch })),
  };
};
