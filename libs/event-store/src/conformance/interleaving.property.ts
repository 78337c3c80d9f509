import { expect, it } from '@jest/globals';
import type { RecordedEvent } from '@muster/contracts';
import fc from 'fast-check';
import type { EventStore } from '../event-store.port.js';
import { GENESIS_HASH, leafHash, runningHash } from '../hashing/leaf-hash.js';
import { machineOf, requestIdOf, sampleBatch } from '../testing/sample-batch.js';
import type { MakeHarness } from './store-harness.js';
import { withStore } from './with-store.js';

/** One appender's work: the sizes of its batches, in requests, and whether it takes turns. */
interface Appender {
  readonly batches: readonly number[];
  readonly politely: boolean;
}

const appenders = fc.array(fc.record({ batches: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }), politely: fc.boolean() }), {
  minLength: 2,
  maxLength: 4,
});

const READ_LIMIT = 1_000;

/** Appends its batches in order, each as often as it takes, and returns what it was told is recorded. */
const work = async (store: EventStore, ledger: string, name: string, { batches, politely }: Appender): Promise<readonly RecordedEvent[]> => {
  const told: RecordedEvent[] = [];
  for (const [nth, size] of batches.entries()) {
    const requests = Array.from({ length: size }, (_, index) => ({ machine: machineOf(`${name} ${index}`), requestId: requestIdOf(`${ledger} ${name} ${nth} ${index}`) }));
    for (let recorded = false; !recorded; ) {
      const giveBack = politely ? await store.takeTurn(ledger, 50) : undefined;
      const result = await store.append(sampleBatch({ ledger, head: await store.head(ledger), nowMs: Date.now(), requests }));
      await giveBack?.();
      recorded = result.outcome === 'appended';
      if (result.outcome === 'appended') told.push(...result.events);
    }
  }
  return told;
};

const verifyChain = (events: readonly RecordedEvent[]): void => {
  let running = GENESIS_HASH;
  for (const event of events) {
    running = runningHash(running, leafHash(event));
    expect(Buffer.compare(event.runningHash, running)).toBe(0);
  }
};

/** Any interleaving of concurrent appenders: positions without gaps, no event lost or doubled, one valid chain. */
export const interleavingProperty = (makeHarness: MakeHarness, runs: number): void => {
  const { harness } = withStore(makeHarness);

  it('loses, doubles and reorders nothing, however appenders interleave', async () => {
    const stores = Array.from({ length: 4 }, () => harness().openStore());
    await fc.assert(
      fc.asyncProperty(appenders, async (all) => {
        const ledger = await harness().newLedger();
        const told = await Promise.all(all.map((appender, index) => work(stores[index] as EventStore, ledger, `appender ${index}`, appender)));
        const events = await (stores[0] as EventStore).read({ ledger, after: 0, limit: READ_LIMIT });

        expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
        expect(told.flat().sort((a, b) => a.position - b.position)).toEqual(events);
        const outcomes = events.filter(({ causationId }) => causationId !== null).map(({ requestId }) => requestId);
        expect(new Set(outcomes).size).toBe(outcomes.length);
        expect(outcomes).toHaveLength(all.flatMap(({ batches }) => batches).reduce((sum, size) => sum + size, 0));
        expect(events.every((event, index) => event.recordedAtMs >= (events[index - 1]?.recordedAtMs ?? 0))).toBe(true);
        verifyChain(events);
      }),
      { numRuns: runs },
    );
  });
};
