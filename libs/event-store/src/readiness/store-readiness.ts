import { isProblem } from '@muster/kernel';
import { CLOCK_SKEW_MS_MAX, isTimeStep, timeStep } from '../clock-rule.js';
import type { EventStore } from '../event-store.port.js';

/** With fewer partitions left than this the migration role is late; writing goes on until the last one is full. */
export const SPARE_PARTITIONS_MIN = 2;

export interface StoreReadiness {
  readonly status: 'up' | 'warn' | 'down';
  readonly detail: string;
}

const seconds = (ms: number): string => (Math.abs(ms) / 1000).toFixed(1);

/** Whether this process may write: the store answers, the two clocks agree, the ledger's time is not far behind them, there is room for the next events. Never throws. */
export const storeReadiness = async (store: Pick<EventStore, 'health'>, ledger: string): Promise<StoreReadiness> => {
  try {
    const { head, headRecordedAtMs, nowMs, clockOffsetMs, sparePartitions } = await store.health(ledger);
    if (Math.abs(clockOffsetMs) > CLOCK_SKEW_MS_MAX) {
      const side = clockOffsetMs > 0 ? 'ahead of' : 'behind';
      return { status: 'down', detail: `clock-skew: this host's clock is ${seconds(clockOffsetMs)} s ${side} the database's; set it right, nothing is recorded until then` };
    }
    const last = { position: head, recordedAtMs: headRecordedAtMs };
    if (isTimeStep(last, nowMs)) return { status: 'down', detail: timeStep(last, nowMs).message };
    if (sparePartitions < SPARE_PARTITIONS_MIN) return { status: 'warn', detail: `head ${head}, only ${sparePartitions} spare partitions: run the migrations` };
    return { status: 'up', detail: `head ${head}, ${sparePartitions} spare partitions` };
  } catch (error) {
    return { status: 'down', detail: isProblem(error) ? error.detail : 'the event store does not answer' };
  }
};
