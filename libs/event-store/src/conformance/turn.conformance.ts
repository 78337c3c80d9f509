import { describe, expect, it } from '@jest/globals';
import type { MakeHarness } from './store-harness.js';
import { withStore } from './with-store.js';

/** Never reached where a turn comes: only a failing test waits so long. */
const LONG_MS = 10_000;
const SHORT_MS = 50;

export const turnConformance = (makeHarness: MakeHarness): void => {
  describe('turns', () => {
    const { store, ledger, harness } = withStore(makeHarness);

    it('come one after the other', async () => {
      const giveBack = await store().takeTurn(ledger(), LONG_MS);
      let second = false;
      const waiting = harness()
        .openStore()
        .takeTurn(ledger(), LONG_MS)
        .then((give) => {
          second = true;
          return give;
        });
      await store().head(ledger());
      expect(second).toBe(false);
      await giveBack();
      await (await waiting)();
      expect(second).toBe(true);
    });

    it('are not waited for longer than asked', async () => {
      const giveBack = await store().takeTurn(ledger(), LONG_MS);
      const askedAtMs = performance.now();
      const giveUp = await harness().openStore().takeTurn(ledger(), SHORT_MS);
      expect(performance.now() - askedAtMs).toBeGreaterThanOrEqual(SHORT_MS - 5);
      // A turn that never came is not given back in place of the one who holds it.
      await giveUp();
      const another = harness().openStore();
      const again = performance.now();
      await (await another.takeTurn(ledger(), SHORT_MS))();
      expect(performance.now() - again).toBeGreaterThanOrEqual(SHORT_MS - 5);
      await giveBack();
      await (await another.takeTurn(ledger(), LONG_MS))();
    });

    it('of one ledger do not hold up another', async () => {
      const giveBack = await store().takeTurn(ledger(), LONG_MS);
      const other = await harness().newLedger();
      await (await harness().openStore().takeTurn(other, LONG_MS))();
      await giveBack();
    });

    it('end with the store that held one', async () => {
      const leaving = harness().openStore();
      await leaving.takeTurn(ledger(), LONG_MS);
      await leaving.close();
      await (await store().takeTurn(ledger(), LONG_MS))();
    });
  });
};
