import { describe, expect, it } from '@jest/globals';
import { decodeBody, encodeBody, typedColumnsOf } from '@muster/contracts';
import { GENESIS_HASH, leafHash, runningHash } from '../hashing/leaf-hash.js';
import { hostRetired, machineOf, machineRetired, requestIdOf, sampleBatch } from '../testing/sample-batch.js';
import type { MakeHarness } from './store-harness.js';
import { withStore } from './with-store.js';

const request = (seed: string | number) => ({ machine: machineOf(seed), requestId: requestIdOf(seed) });

export const appendConformance = (makeHarness: MakeHarness): void => {
  describe('append', () => {
    const { store, ledger, append, harness } = withStore(makeHarness);

    it('begins with an empty ledger', async () => {
      expect(await store().head(ledger())).toEqual({ position: 0, recordedAtMs: 0, runningHash: Buffer.from(GENESIS_HASH) });
      expect(await store().read({ ledger: ledger(), after: 0, limit: 10 })).toEqual([]);
    });

    it('tells the head together with the time by its own clock', async () => {
      const storeNowMs = Date.UTC(2031, 0, 1);
      const ahead = harness().openStore({ storeClock: { nowMs: () => storeNowMs } });
      expect(await ahead.headNow(ledger())).toEqual({ head: await store().head(ledger()), storeNowMs });
      expect(Math.abs((await store().headNow(ledger())).storeNowMs - Date.now())).toBeLessThan(60_000);
    });

    it('gives events the positions after the head, with what caused what', async () => {
      const result = await append({ requests: [request('a'), request('b')], events: [hostRetired] });
      expect(result.outcome).toBe('appended');
      expect(result.head.position).toBe(5);
      const events = await store().read({ ledger: ledger(), after: 0, limit: 10 });
      expect(events.map(({ position, type, causationId, requestId }) => [position, type, causationId, requestId])).toEqual([
        [1, 'ActivationRequested', null, requestIdOf('a')],
        [2, 'ActivationDeferred', 1, requestIdOf('a')],
        [3, 'ActivationRequested', null, requestIdOf('b')],
        [4, 'ActivationDeferred', 3, requestIdOf('b')],
        [5, 'HostRetired', null, null],
      ]);
    });

    it('reads back exactly what append answered with, from any store on the ledger', async () => {
      const result = await append({ requests: [request('a')], events: [machineRetired(machineOf('ö'))] });
      if (result.outcome !== 'appended') throw new Error('moved');
      const other = harness().openStore();
      expect(await other.read({ ledger: ledger(), after: 0, limit: 10 })).toEqual(result.events);
      expect(await other.head(ledger())).toEqual(result.head);
    });

    it('keeps the exact body bytes, and typed columns that follow from them', async () => {
      const batch = sampleBatch({ ledger: ledger(), head: await store().head(ledger()), nowMs: Date.now(), requests: [{ ...request('a'), virtual: true }] });
      await store().append(batch);
      const events = await store().read({ ledger: ledger(), after: 0, limit: 10 });
      expect(events.map(({ body }) => Buffer.from(body))).toEqual(batch.events.map(({ event }) => encodeBody(event)));
      expect(events.map(({ columns }) => columns)).toEqual(events.map((event) => typedColumnsOf(decodeBody(event))));
    });

    it('hashes every event into one chain', async () => {
      await append({ requests: [request('a'), request('b')] });
      await append({ events: [hostRetired] });
      let running = GENESIS_HASH;
      for (const event of await store().read({ ledger: ledger(), after: 0, limit: 10 })) {
        expect(Buffer.from(event.leafHash)).toEqual(leafHash(event));
        running = runningHash(running, event.leafHash);
        expect(Buffer.from(event.runningHash)).toEqual(running);
      }
      expect(Buffer.from((await store().head(ledger())).runningHash)).toEqual(running);
    });

    it('writes nothing on a head that moved, and says where it is', async () => {
      const stale = await store().head(ledger());
      await append({ events: [hostRetired] });
      const late = sampleBatch({ ledger: ledger(), head: stale, nowMs: Date.now(), requests: [{ ...request('late'), hostname: 'ws-1' }] });
      const result = await store().append(late);
      expect(result).toEqual({ outcome: 'moved', head: await store().head(ledger()) });
      expect(await store().read({ ledger: ledger(), after: 0, limit: 10 })).toHaveLength(1);
      expect((await store().findRequests(ledger(), [request('late')])).known).toEqual([]);
      expect(await store().readPersonalData(ledger(), machineOf('late'))).toEqual([]);
    });

    it('writes nothing on a head at the same position of another history', async () => {
      await append({ events: [hostRetired] });
      const head = { ...(await store().head(ledger())), runningHash: Buffer.alloc(32, 7) };
      expect((await store().append(sampleBatch({ ledger: ledger(), head, nowMs: Date.now(), events: [hostRetired] }))).outcome).toBe('moved');
    });

    it('lets exactly one of several appends on one head through', async () => {
      const head = await store().head(ledger());
      const stores = [store(), harness().openStore(), harness().openStore()];
      const nowMs = Date.now();
      const results = await Promise.all(stores.map((one, index) => one.append(sampleBatch({ ledger: ledger(), head, nowMs, requests: [request(index)] }))));
      expect(results.map(({ outcome }) => outcome).sort()).toEqual(['appended', 'moved', 'moved']);
      expect((await store().head(ledger())).position).toBe(2);
    });

    it('writes nothing when one of the request ids has an outcome, and says which', async () => {
      await append({ requests: [request('a')] });
      const head = await store().head(ledger());
      const batch = sampleBatch({ ledger: ledger(), head, nowMs: Date.now(), requests: [request('b'), request('a')] });
      const { known } = await store().findRequests(ledger(), [request('a')]);
      expect(known).toHaveLength(1);
      expect(await store().append(batch)).toEqual({ outcome: 'known', head, known });
      expect(await store().head(ledger())).toEqual(head);
      expect((await store().findRequests(ledger(), [request('b')])).known).toEqual([]);
    });

    it('takes the same batch twice for what it is', async () => {
      const batch = sampleBatch({ ledger: ledger(), head: await store().head(ledger()), nowMs: Date.now(), requests: [request('a')] });
      const first = await store().append(batch);
      await append({ events: [hostRetired] });
      expect(await store().append(batch)).toEqual(first);
      expect((await store().head(ledger())).position).toBe(3);
    });

    it('writes a large batch at once', async () => {
      const requests = Array.from({ length: 512 }, (_, index) => ({ ...request(index), hostname: `ws-${index}` }));
      expect((await append({ requests })).head.position).toBe(1024);
      expect((await store().findRequests(ledger(), requests)).known).toHaveLength(512);
    });

    it('refuses a batch that breaks the rules of the port', async () => {
      const good = sampleBatch({ ledger: ledger(), head: await store().head(ledger()), nowMs: Date.now(), requests: [request('a')] });
      await expect(store().append({ ...good, events: [] })).rejects.toThrow('no events');
      await expect(store().append({ ...good, recordedAtMs: good.recordedAtMs + 1 })).rejects.toThrow('recordedAt');
      await expect(store().append({ ...good, requests: good.requests.map((one) => ({ ...one, outcomeIndex: 2 })) })).rejects.toThrow('no event 2');
      const shouting = good.events.map((event) => ({ ...event, requestId: requestIdOf('a').toUpperCase() }));
      await expect(store().append({ ...good, events: shouting })).rejects.toThrow('lower-case UUID');
      expect((await store().head(ledger())).position).toBe(0);
    });
  });
};
