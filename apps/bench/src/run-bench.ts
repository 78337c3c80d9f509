import { SECOND_MS } from '@muster/kernel';
import { openAppendLane } from './append/append.lane.js';
import { openDnsLane } from './dns/dns.lane.js';
import { describeCommit } from './environment/commit.js';
import { measureFsyncRate } from './environment/fsync-rate.js';
import { describeMachine } from './environment/machine.js';
import { describeSettings, describeVersions } from './environment/versions.js';
import { openHttpLane } from './http/http.lane.js';
import type { Lane, LaneName } from './measure/lane.js';
import { perSecond } from './measure/lane.js';
import type { LaneResult } from './measure/run-lane.js';
import { runLane } from './measure/run-lane.js';
import type { BenchOptions } from './options.js';
import type { Progress } from './progress.js';
import { openRebuildLane } from './rebuild/rebuild.lane.js';
import { formatNumber } from './report/format-number.js';
import type { BenchReport, LaneFailure } from './report/report.js';
import type { BenchServer } from './stack/bench-server.js';
import { startBenchServer } from './stack/bench-server.js';
import type { Stoppables } from './stack/stoppables.js';

const openLane = (name: LaneName, server: BenchServer, { rebuildEvents }: BenchOptions): Promise<Lane> => {
  switch (name) {
    case 'append':
      return openAppendLane(server);
    case 'http':
      return openHttpLane(server);
    case 'dns':
      return openDnsLane(server);
    case 'rebuild':
      return openRebuildLane(server, rebuildEvents);
    default:
      return name satisfies never;
  }
};

const measureLane = async (name: LaneName, server: BenchServer, options: BenchOptions): Promise<LaneResult> => {
  const { progress } = server;
  progress(`── ${name}`);
  const lane = await openLane(name, server, options);
  try {
    return await runLane(lane, {
      ...options,
      onSample: ({ round, subject, sample }) => progress(`  round ${round} of ${options.rounds}: ${subject}: ${formatNumber(perSecond(sample))} ${lane.unit}/s`),
    });
  } finally {
    await lane.close();
  }
};

export interface BenchSurroundings {
  readonly stoppables: Stoppables;
  readonly progress: Progress;
  /** Whether everything is being stopped: failures are then no findings. */
  readonly interrupted: () => boolean;
}

/** Measures the lanes one after the other. A lane that fails is reported and does not keep the others from being measured. Rejects when it is interrupted. */
export const runBench = async (options: BenchOptions, { stoppables, progress, interrupted }: BenchSurroundings): Promise<BenchReport> => {
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const machine = describeMachine();
  const measured = await describeCommit(stoppables);
  const server = await startBenchServer(stoppables, progress);
  const versions = await describeVersions(server);
  const postgresSettings = await describeSettings(server);
  const fdatasyncPerSecond = await measureFsyncRate(server.workDir);

  const lanes: LaneResult[] = [];
  const failures: LaneFailure[] = [];
  for (const name of options.lanes) {
    try {
      lanes.push(await measureLane(name, server, options));
    } catch (error) {
      if (interrupted()) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      progress(`✗ ${name}: ${reason}`);
      failures.push({ lane: name, reason });
    }
  }
  const { quick, rounds, seconds } = options;
  const tookSeconds = Math.round((performance.now() - startedMs) / SECOND_MS);
  return { schema: 'muster-bench/1', startedAt, tookSeconds, measured, plan: { quick, rounds, seconds }, machine, versions, postgresSettings, fdatasyncPerSecond, lanes, failures };
};
