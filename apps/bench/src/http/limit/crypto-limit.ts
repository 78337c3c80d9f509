import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Sample } from '../../measure/lane.js';

/** What a worker needs to know. */
export interface LimitOrder {
  readonly requestBytes: number;
  readonly leaseBytes: number;
  readonly seconds: number;
}

const PROGRAM = new URL('./crypto-limit.worker.js', import.meta.url);

/** One Ed25519 verification and one signature a decision, on all cores at once: nothing that verifies and signs can be faster here. */
export const measureCryptoLimit = async (order: LimitOrder): Promise<Sample> => {
  const workers = Array.from({ length: availableParallelism() }, () => new Worker(PROGRAM, { workerData: order, execArgv: [] }));
  try {
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    const results = workers.map(async (worker) => {
      worker.postMessage('go');
      const [result] = (await once(worker, 'message')) as [{ readonly pairs: number; readonly seconds: number }];
      return result;
    });
    const shares = await Promise.all(results);
    return { count: shares.reduce((sum, { pairs }) => sum + pairs, 0), seconds: Math.max(...shares.map(({ seconds }) => seconds)) };
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
};
