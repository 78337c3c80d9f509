import { describe, expect, it } from '@jest/globals';
import { SNAPSHOTS_KEPT } from '../snapshots-kept.js';
import { machineOf, requestIdOf } from '../testing/sample-batch.js';
import type { MakeHarness } from './store-harness.js';
import { withStore } from './with-store.js';

const request = (seed: string | number) => ({ machine: machineOf(seed), requestId: requestIdOf(seed) });

export const besideTheLedgerConformance = (makeHarness: MakeHarness): void => {
  describe('personal data', () => {
    const { store, ledger, append, harness } = withStore(makeHarness);

    it('stands beside the ledger by machine and request, and is erased without touching a hash', async () => {
      await append({ requests: [{ ...request('a'), hostname: 'ws-0Ä' }, { ...request('b'), hostname: 'ws-02' }] });
      await append({ requests: [{ machine: machineOf('a'), requestId: requestIdOf('again'), hostname: 'renamed' }] });
      const found = await store().readPersonalData(ledger(), machineOf('a'));
      expect(found.map(({ hostname, address, machine }) => [hostname, address, machine]).sort()).toEqual([
        ['renamed', '192.0.2.7', machineOf('a')],
        ['ws-0Ä', '192.0.2.7', machineOf('a')],
      ]);
      const before = await store().read({ ledger: ledger(), after: 0, limit: 100 });
      expect(before.map(({ body }) => Buffer.from(body).toString()).join()).not.toMatch(/ws-0|renamed|192\.0\.2/);

      expect(await store().erasePersonalData(ledger(), machineOf('a'))).toBe(2);
      expect(await store().readPersonalData(ledger(), machineOf('a'))).toEqual([]);
      expect(await store().erasePersonalData(ledger(), machineOf('a'))).toBe(0);
      expect(await store().readPersonalData(ledger(), machineOf('b'))).toHaveLength(1);
      expect(await store().read({ ledger: ledger(), after: 0, limit: 100 })).toEqual(before);
    });

    it('of a request id that is used again, long after it was forgotten, stays as it is and stands in nobody’s way', async () => {
      await append({ requests: [{ ...request('a'), hostname: 'first' }] });
      await harness().forgetRequests(ledger());
      expect(await append({ requests: [{ ...request('b'), hostname: 'other' }, { ...request('a'), hostname: 'second' }] })).toMatchObject({ outcome: 'appended', head: { position: 6 } });
      expect((await store().readPersonalData(ledger(), machineOf('a'))).map(({ hostname }) => hostname)).toEqual(['first']);
      expect(await store().readPersonalData(ledger(), machineOf('b'))).toHaveLength(1);
      expect((await store().findRequests(ledger(), [request('a')])).known).toMatchObject([{ position: 6 }]);
    });
  });

  describe('snapshots', () => {
    const { store, ledger, append } = withStore(makeHarness);
    const key = () => ({ ledger: ledger(), fold: 'pool-count', foldVersion: 2 });
    const snapshot = (position: number) => ({ position, state: Buffer.from(`state at ${position}`) });
    const loadedAt = async (upTo?: number): Promise<number | undefined> => (await store().loadSnapshot(key(), upTo))?.position;

    it('finds the newest at or before a position, and none above the head', async () => {
      await append({ requests: [request('a'), request('b')] });
      expect(await loadedAt()).toBeUndefined();
      for (const position of [3, 1, 9]) await store().saveSnapshot(key(), snapshot(position));
      expect(await loadedAt()).toBe(3);
      expect(await loadedAt(2)).toBe(1);
      expect(await loadedAt(0)).toBeUndefined();
      const loaded = await store().loadSnapshot(key());
      expect(Buffer.from(loaded?.state ?? []).toString()).toBe('state at 3');
    });

    it('ignores those of other folds and other shapes', async () => {
      await append({ requests: [request('a')] });
      await store().saveSnapshot({ ...key(), foldVersion: 1 }, snapshot(1));
      await store().saveSnapshot({ ...key(), fold: 'leases' }, snapshot(1));
      expect(await loadedAt()).toBeUndefined();
    });

    it('replaces one at the same position, and keeps the newest and the first of each million positions', async () => {
      await append({ requests: Array.from({ length: 8 }, (_, index) => request(index)) });
      for (let position = 1; position <= SNAPSHOTS_KEPT + 2; position += 1) await store().saveSnapshot(key(), snapshot(position));
      await store().saveSnapshot(key(), { position: SNAPSHOTS_KEPT + 2, state: Buffer.from('another') });
      expect(await loadedAt(2)).toBe(1);
      expect(await loadedAt(3)).toBe(3);
      expect(Buffer.from((await store().loadSnapshot(key()))?.state ?? []).toString()).toBe('another');
    });
  });
};
