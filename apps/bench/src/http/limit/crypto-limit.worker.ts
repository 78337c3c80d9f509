import { createPublicKey, sign, verify } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { SECOND_MS } from '@muster/kernel';
import { generateKeyPair } from '@muster/trust';
import type { LimitOrder } from './crypto-limit.js';

// One core's share of the limit: nothing but the two operations, with keys that are ready.

const { requestBytes, leaseBytes, seconds } = workerData as LimitOrder;
const machine = generateKeyPair();
const host = generateKeyPair();
const publicKey = createPublicKey(machine.privateKey);
const request = Buffer.alloc(requestBytes, 'r');
const lease = Buffer.alloc(leaseBytes, 'l');
const signature = sign(null, request, machine.privateKey);

/** So rarely does the clock have to be looked at. */
const PAIRS_PER_LOOK = 16;

const run = (): number => {
  let pairs = 0;
  for (const endMs = performance.now() + seconds * SECOND_MS; performance.now() < endMs; pairs += PAIRS_PER_LOOK) {
    for (let pair = 0; pair < PAIRS_PER_LOOK; pair += 1) {
      if (!verify(null, request, publicKey, signature)) throw new Error('a good signature did not verify');
      sign(null, lease, host.privateKey);
    }
  }
  return pairs;
};

parentPort?.once('message', () => {
  const startedMs = performance.now();
  const pairs = run();
  parentPort?.postMessage({ pairs, seconds: (performance.now() - startedMs) / SECOND_MS });
});
parentPort?.postMessage('ready');
