import { SECOND_MS } from '@muster/kernel';
import { percentile } from '../statistics/percentile.js';
import type { Sample } from './lane.js';

export interface DriveOptions {
  readonly inFlight: number;
  readonly seconds: number;
  readonly operation: () => Promise<unknown>;
}

/** Keeps so many operations under way for so long; those under way at the end are finished and counted. Rejects with an operation's first failure. */
export const driveInFlight = async ({ inFlight, seconds, operation }: DriveOptions): Promise<Sample> => {
  const latenciesMs: number[] = [];
  const startedMs = performance.now();
  const endMs = startedMs + seconds * SECOND_MS;
  const drive = async (): Promise<void> => {
    for (let beganMs = performance.now(); beganMs < endMs; beganMs = performance.now()) {
      await operation();
      latenciesMs.push(performance.now() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, drive));
  const took = (performance.now() - startedMs) / SECOND_MS;
  return { count: latenciesMs.length, seconds: took, p50Ms: percentile(latenciesMs, 0.5), p99Ms: percentile(latenciesMs, 0.99) };
};
