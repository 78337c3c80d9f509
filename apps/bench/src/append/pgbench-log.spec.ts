import { readPgbenchLog, sampleOf } from './pgbench-log.js';

const LOG = '0 1 2000 0 1700000000 2000\n1 1 4000 0 1700000000 4000\n0 2 2000 0 1700000001 0\n';

describe("pgbench's log", () => {
  it('gives latencies and ends of transactions', () => {
    expect(readPgbenchLog(LOG)[1]).toEqual({ latencyMs: 4, endedAtMs: 1_700_000_000_004 });
  });

  it('is a sample from the first start to the last end', () => {
    expect(sampleOf(readPgbenchLog(LOG))).toEqual({ count: 3, seconds: 1, p50Ms: 2, p99Ms: 4 });
  });

  it('with a transaction that failed is refused', () => {
    expect(() => readPgbenchLog('0 1 failed 0 1700000000 2000\n')).toThrow('not a transaction');
  });
});
