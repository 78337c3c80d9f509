import { percentile } from '../statistics/percentile.js';
import type { Sample } from '../measure/lane.js';

/** One transaction of `pgbench --log`. */
export interface LoggedTransaction {
  readonly latencyMs: number;
  /** When it was done, in milliseconds since the epoch. */
  readonly endedAtMs: number;
}

/** Reads `client transaction latency_µs script epoch_s µs` lines. @throws Error for a line of another form: a failed transaction is no sample */
export const readPgbenchLog = (text: string): readonly LoggedTransaction[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, , latency, , seconds, micros] = line.split(' ').map(Number);
      if (latency === undefined || seconds === undefined || micros === undefined || !Number.isFinite(latency + seconds + micros)) throw new Error(`not a transaction: ${line}`);
      return { latencyMs: latency / 1000, endedAtMs: seconds * 1000 + micros / 1000 };
    });

/** From the first start to the last end: connecting is not what is measured. */
export const sampleOf = (transactions: readonly LoggedTransaction[]): Sample => {
  let startMs = Infinity;
  let endMs = -Infinity;
  for (const { latencyMs, endedAtMs } of transactions) {
    startMs = Math.min(startMs, endedAtMs - latencyMs);
    endMs = Math.max(endMs, endedAtMs);
  }
  const latencies = transactions.map(({ latencyMs }) => latencyMs);
  return { count: transactions.length, seconds: (endMs - startMs) / 1000, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) };
};
