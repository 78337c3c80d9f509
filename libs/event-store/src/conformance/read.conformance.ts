import { describe, expect, it } from '@jest/globals';
import type { ColumnsRow, ReadQuery, ReplayQuery } from '../event-store.port.js';
import { hostRetired, machineOf, machineRetired, requestIdOf, sampleBatch } from '../testing/sample-batch.js';
import type { MakeHarness } from './store-harness.js';
import { withStore } from './with-store.js';

const request = (seed: string | number) => ({ machine: machineOf(seed), requestId: requestIdOf(seed) });

export const readConformance = (makeHarness: MakeHarness): void => {
  describe('read', () => {
    const { store, ledger, append, harness } = withStore(makeHarness);

    const positions = async (query: Partial<ReadQuery>): Promise<readonly number[]> =>
      (await store().read({ ledger: ledger(), after: 0, limit: 100, ...query })).map(({ position }) => position);

    const rows = async (query: Partial<ReplayQuery>): Promise<readonly ColumnsRow[]> => {
      const found: ColumnsRow[] = [];
      await store().replay({ ledger: ledger(), after: 0, upTo: 0, ...query }, (row) => found.push(row));
      return found;
    };

    it('filters by range, type and machine, in order of position', async () => {
      await append({ requests: [request('a'), request('b')] });
      await append({ events: [hostRetired, machineRetired(machineOf('a'))] });
      await append({ requests: [{ machine: machineOf('a'), requestId: requestIdOf('again') }] });
      expect(await positions({})).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(await positions({ after: 2, upTo: 6 })).toEqual([3, 4, 5, 6]);
      expect(await positions({ after: 2, limit: 3 })).toEqual([3, 4, 5]);
      expect(await positions({ types: ['HostRetired'] })).toEqual([5]);
      expect(await positions({ types: ['MachineRetired', 'ActivationRequested', 'HostRetired'] })).toEqual([1, 3, 5, 6, 7]);
      expect(await positions({ types: ['ActivationDeferred', 'HostRetired'], after: 2, limit: 2 })).toEqual([4, 5]);
      expect(await positions({ types: ['NeverHeardOf'] })).toEqual([]);
      expect(await positions({ types: [] })).toEqual([]);
      expect(await positions({ machine: machineOf('a') })).toEqual([1, 2, 6, 7, 8]);
      expect(await positions({ machine: machineOf('a'), types: ['ActivationDeferred', 'MachineRetired'], after: 2, upTo: 7 })).toEqual([6]);
      expect(await positions({ machine: machineOf('a'), limit: 2 })).toEqual([1, 2]);
      expect(await positions({ machine: machineOf('nobody') })).toEqual([]);
    });

    it('keeps ledgers apart', async () => {
      await append({ requests: [request('a')] });
      const other = await harness().newLedger();
      expect(await positions({ ledger: other, machine: machineOf('a') })).toEqual([]);
      expect((await store().findRequests(other, [request('a')])).known).toEqual([]);
    });

    it('reads whole events at positions, in the order asked for', async () => {
      await append({ requests: [request('a'), request('b')] });
      const found = await store().readAt(ledger(), [4, 1, 4]);
      expect(found.map(({ position, type }) => [position, type])).toEqual([
        [4, 'ActivationDeferred'],
        [1, 'ActivationRequested'],
        [4, 'ActivationDeferred'],
      ]);
      await expect(store().readAt(ledger(), [4, 5])).rejects.toThrow('no event at position 5');
    });

    it('finds the last position as of an instant', async () => {
      const instants = [1_000, 1_000, 2_500, 9_000];
      for (const [nth, nowMs] of instants.entries()) {
        const clocked = harness().openStore({ storeClock: { nowMs: () => nowMs } });
        await clocked.append(sampleBatch({ ledger: ledger(), head: await store().head(ledger()), nowMs, requests: [request(nth)] }));
      }
      const asOf = async (...times: readonly number[]): Promise<readonly number[]> => Promise.all(times.map((time) => store().positionAt(ledger(), time)));
      expect(await asOf(0, 999, 1_000, 2_499, 2_500, 8_999, 9_000, Date.now())).toEqual([0, 0, 4, 4, 6, 6, 8, 8]);
    });

    it('answers as of an instant of an empty ledger', async () => {
      expect(await store().positionAt(ledger(), Date.now())).toBe(0);
    });

    it('replays narrow rows of a range', async () => {
      const result = await append({ requests: [request('a'), { ...request('b'), virtual: true }], events: [machineRetired(machineOf('a')), hostRetired] });
      if (result.outcome !== 'appended') throw new Error('moved');
      const expected = result.events.map(({ position, recordedAtMs, columns: { kind, seen, pool, machine } }) => ({ position, recordedAtMs, kind, seen, pool, machine }));
      expect(await rows({ upTo: 6 })).toEqual(expected);
      expect(await rows({ after: 2, upTo: 4 })).toEqual(expected.slice(2, 4));
      expect(await rows({ after: 6, upTo: 6 })).toEqual([]);
    });

    it('fails a replay that reaches beyond what is there', async () => {
      await append({ requests: [request('a')] });
      await expect(rows({ upTo: 3 })).rejects.toThrow('no event at position 3');
    });

    it('passes on what the receiver of rows throws', async () => {
      await append({ requests: [request('a')] });
      const replaying = store().replay({ ledger: ledger(), after: 0, upTo: 2 }, () => {
        throw new Error('the fold cannot');
      });
      await expect(replaying).rejects.toThrow('the fold cannot');
      expect(await rows({ upTo: 2 })).toHaveLength(2);
    });

    it('knows the outcomes of request ids, as of one head', async () => {
      const result = await append({ requests: [request('a'), request('b')] });
      const keys = [request('b'), request('a'), request('never'), { machine: machineOf('b'), requestId: requestIdOf('a') }];
      const { head, known } = await store().findRequests(ledger(), keys);
      expect(head).toEqual(result.head);
      expect([...known].sort((x, y) => x.position - y.position)).toEqual([
        { ...request('a'), position: 2, contentDigest: expect.stringMatching(/^[\w-]{43}$/) },
        { ...request('b'), position: 4, contentDigest: expect.stringMatching(/^[\w-]{43}$/) },
      ]);
      expect((await store().findRequests(ledger(), [])).head).toEqual(result.head);
    });

    it('reports its head and the offset of the clocks', async () => {
      await append({ requests: [request('a')] });
      const ahead = harness().openStore({ clock: { nowMs: () => Date.now() + 86_400_000 } });
      const health = await ahead.health(ledger());
      expect(health.head).toBe(2);
      expect(health.sparePartitions).toBeGreaterThanOrEqual(4);
      expect(Math.abs(health.clockOffsetMs - 86_400_000)).toBeLessThan(2_000);
      expect(Math.abs((await store().health(ledger())).clockOffsetMs)).toBeLessThan(2_000);
    });
  });
};
