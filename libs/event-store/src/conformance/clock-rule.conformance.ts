import { describe, expect, it } from '@jest/globals';
import { toInstant } from '@muster/kernel';
import { CLOCK_SKEW_MS_MAX, TIME_STEP_MS_MAX } from '../clock-rule.js';
import type { EventStore } from '../event-store.port.js';
import { hostRetired, sampleBatch, timeStepAccepted } from '../testing/sample-batch.js';
import type { MakeHarness } from './store-harness.js';
import { withStore } from './with-store.js';

const DAY_MS = 86_400_000;

export const clockRuleConformance = (makeHarness: MakeHarness): void => {
  describe('the clock rule', () => {
    const { store, ledger, append, harness } = withStore(makeHarness);

    it.each([['ahead', DAY_MS], ['behind', -DAY_MS], ['a little too far ahead', CLOCK_SKEW_MS_MAX + 2_000]])('refuses a clock that is %s, and nothing moves', async (_, offsetMs) => {
      await append({ events: [hostRetired] });
      const before = await store().head(ledger());
      const batch = sampleBatch({ ledger: ledger(), head: before, nowMs: Date.now() + offsetMs, events: [hostRetired] });
      await expect(store().append(batch)).rejects.toMatchObject({ kind: 'clock-skew' });
      expect(await store().head(ledger())).toEqual(before);
      expect(await store().read({ ledger: ledger(), after: 0, limit: 10 })).toHaveLength(1);
    });

    it('says how far the clock is off', async () => {
      const batch = sampleBatch({ ledger: ledger(), head: await store().head(ledger()), nowMs: Date.now() + DAY_MS, events: [hostRetired] });
      const refusal = await store().append(batch).catch((error: unknown) => error as { extensions: { clockOffsetMs: number } });
      expect(refusal).toMatchObject({ extensions: { clockOffsetMs: expect.any(Number) } });
      expect(Math.abs((refusal as { extensions: { clockOffsetMs: number } }).extensions.clockOffsetMs - DAY_MS)).toBeLessThan(3_000);
    });

    it('tells a moved head first: it must be read again whatever the clock says', async () => {
      const stale = await store().head(ledger());
      await append({ events: [hostRetired] });
      expect((await store().append(sampleBatch({ ledger: ledger(), head: stale, nowMs: Date.now() + DAY_MS, events: [hostRetired] }))).outcome).toBe('moved');
    });

    it('never lets recordedAt fall: a clock a little behind records at the head’s time', async () => {
      const nowMs = Date.now();
      await store().append(sampleBatch({ ledger: ledger(), head: await store().head(ledger()), nowMs: nowMs + 2_000, events: [hostRetired] }));
      await store().append(sampleBatch({ ledger: ledger(), head: await store().head(ledger()), nowMs, events: [hostRetired] }));
      const events = await store().read({ ledger: ledger(), after: 0, limit: 10 });
      expect(events.map(({ recordedAtMs }) => recordedAtMs)).toEqual([nowMs + 2_000, nowMs + 2_000]);
    });

    it('follows a controlled clock on both sides', async () => {
      const later = Date.now() + 40 * DAY_MS;
      const controlled = harness().openStore({ clock: { nowMs: () => later }, storeClock: { nowMs: () => later } });
      const result = await controlled.append(sampleBatch({ ledger: ledger(), head: await store().head(ledger()), nowMs: later, events: [hostRetired] }));
      expect(result).toMatchObject({ outcome: 'appended', head: { recordedAtMs: later } });
      expect((await controlled.health(ledger())).clockOffsetMs).toBe(0);
    });
  });

  describe('a step of time', () => {
    const { store, ledger, harness } = withStore(makeHarness);
    const FROM_MS = Date.now();

    /** A store where it is this time, by both clocks. */
    const storeAt = (nowMs: number): EventStore => harness().openStore({ clock: { nowMs: () => nowMs }, storeClock: { nowMs: () => nowMs } });

    const appendAt = async (nowMs: number, ...events: Parameters<typeof sampleBatch>[0]['events'] & object) =>
      storeAt(nowMs).append(sampleBatch({ ledger: ledger(), head: await store().head(ledger()), nowMs, events }));

    it('as long as the bound is made, and one that is longer is refused, though both clocks agree on it', async () => {
      await appendAt(FROM_MS, hostRetired);
      const atBoundMs = FROM_MS + TIME_STEP_MS_MAX;
      expect(await appendAt(atBoundMs, hostRetired)).toMatchObject({ outcome: 'appended', head: { recordedAtMs: atBoundMs } });
      const before = await store().head(ledger());
      const tooLateMs = atBoundMs + TIME_STEP_MS_MAX + 1;
      await expect(appendAt(tooLateMs, hostRetired)).rejects.toMatchObject({ kind: 'time-step', extensions: { from: toInstant(atBoundMs), to: toInstant(tooLateMs) } });
      expect(await store().head(ledger())).toEqual(before);
      expect(await store().read({ ledger: ledger(), after: 0, limit: 10 })).toHaveLength(2);
    });

    it('is made by a batch that begins with the decision on exactly this step', async () => {
      await appendAt(FROM_MS, hostRetired);
      const laterMs = FROM_MS + 400 * DAY_MS;
      for (const wrong of [[timeStepAccepted(FROM_MS, laterMs - 1)], [timeStepAccepted(FROM_MS - 1, laterMs)], [hostRetired, timeStepAccepted(FROM_MS, laterMs)]]) {
        await expect(appendAt(laterMs, ...wrong)).rejects.toMatchObject({ kind: 'time-step' });
      }
      expect(await appendAt(laterMs, timeStepAccepted(FROM_MS, laterMs), hostRetired)).toMatchObject({ outcome: 'appended', head: { position: 3, recordedAtMs: laterMs } });
      expect((await appendAt(laterMs, hostRetired)).outcome).toBe('appended');
    });

    it('does not bind an empty ledger', async () => {
      expect((await appendAt(FROM_MS + 400 * DAY_MS, hostRetired)).outcome).toBe('appended');
    });

    it('is told after a moved head, and after a clock that is off', async () => {
      const stale = await store().head(ledger());
      await appendAt(FROM_MS, hostRetired);
      const laterMs = FROM_MS + 400 * DAY_MS;
      expect((await storeAt(laterMs).append(sampleBatch({ ledger: ledger(), head: stale, nowMs: laterMs, events: [hostRetired] }))).outcome).toBe('moved');
      const head = await store().head(ledger());
      await expect(store().append(sampleBatch({ ledger: ledger(), head, nowMs: laterMs, events: [hostRetired] }))).rejects.toMatchObject({ kind: 'clock-skew' });
    });

    it('shows in the health of the store', async () => {
      await appendAt(FROM_MS, hostRetired);
      const laterMs = FROM_MS + 400 * DAY_MS;
      expect(await storeAt(laterMs).health(ledger())).toMatchObject({ head: 1, headRecordedAtMs: FROM_MS, nowMs: laterMs, clockOffsetMs: 0 });
    });
  });
};
