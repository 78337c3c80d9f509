import { SECOND_MS } from '@muster/kernel';
import { percentile } from '../../statistics/percentile.js';
import type { HttpAnswer } from './answer-reader.js';
import { checkCounts } from './check-counts.js';
import type { KeepAliveConnection } from './keep-alive-connection.js';
import { openConnection } from './keep-alive-connection.js';
import type { LoadReport } from './load.messages.js';

export interface LoadOptions {
  readonly url: string;
  readonly inFlight: number;
  readonly seconds: number;
  /** Taken from the front; when they run out, the load ends early. */
  readonly requests: Buffer[];
}

const GRANTED = 201;
const DEFERRED = 202;

/** @throws Error for any answer but a decision: a rate of refusals is no rate */
const countIn = ({ status, body }: HttpAnswer): number => {
  if (status !== GRANTED && status !== DEFERRED) throw new Error(`the host answered ${status}: ${body.slice(0, 500)}`);
  const { count, lease, receipt } = JSON.parse(body) as { readonly count?: number; readonly lease?: string; readonly receipt?: string };
  if (count === undefined || (status === GRANTED ? lease : receipt) === undefined) throw new Error(`an answer without a count or a signature: ${body.slice(0, 500)}`);
  return count;
};

/** Keeps so many requests under way, each on a connection of its own, and checks every answer. */
export const runLoad = async ({ url, inFlight, seconds, requests }: LoadOptions): Promise<LoadReport> => {
  const connections = await Promise.all(Array.from({ length: inFlight }, () => openConnection(url)));
  const latenciesMs: number[] = [];
  const counts: number[] = [];
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const endMs = startedMs + seconds * SECOND_MS;

  const drive = async (connection: KeepAliveConnection): Promise<void> => {
    for (let sentMs = performance.now(); sentMs < endMs; sentMs = performance.now()) {
      const request = requests.pop();
      if (request === undefined) return;
      const answer = await connection.send(request);
      latenciesMs.push(performance.now() - sentMs);
      counts.push(countIn(answer));
    }
  };
  try {
    await Promise.all(connections.map(drive));
  } finally {
    for (const connection of connections) connection.close();
  }
  const took = (performance.now() - startedMs) / SECOND_MS;
  const { user, system } = process.cpuUsage(cpuBefore);
  checkCounts(counts);
  return { decisions: counts.length, seconds: took, p50Ms: percentile(latenciesMs, 0.5), p99Ms: percentile(latenciesMs, 0.99), cpuMicros: user + system, left: requests.length };
};
