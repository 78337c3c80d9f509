import type { Measured } from '../environment/commit.js';
import type { Machine } from '../environment/machine.js';
import type { Versions } from '../environment/versions.js';
import type { LaneName } from '../measure/lane.js';
import type { LaneResult } from '../measure/run-lane.js';

/** A lane that could not be measured, and why. */
export interface LaneFailure {
  readonly lane: LaneName;
  readonly reason: string;
}

/** Everything that a run found out: what `--json` prints and what is kept. */
export interface BenchReport {
  readonly schema: 'muster-bench/1';
  readonly startedAt: string;
  readonly tookSeconds: number;
  readonly measured: Measured;
  readonly plan: { readonly quick: boolean; readonly rounds: number; readonly seconds: number };
  readonly machine: Machine;
  readonly versions: Versions;
  readonly postgresSettings: Readonly<Record<string, string>>;
  readonly fdatasyncPerSecond: number;
  readonly lanes: readonly LaneResult[];
  readonly failures: readonly LaneFailure[];
}
