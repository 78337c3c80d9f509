import type { ForkStatus } from './fork-status.rule.js';
import { statusOfFork } from './fork-status.rule.js';
import type { ForkState } from './forks.fold.js';
import type { Branch, Fork, Lineage } from './lineage.js';

/** What follows from one successor of the root. Positions are those of requests. */
export interface ForkBranch {
  /** `unknown-lease`: begun from a lease that this ledger does not hold, of another host or long forgotten. */
  readonly from: 'root' | 'unknown-lease';
  readonly startedAt: number;
  /** The first of its requests, at most 8. */
  readonly positions: readonly number[];
  readonly lastAt: number;
  readonly lastAtMs: number;
  /** Its start included. */
  readonly requests: number;
  readonly leases: number;
  /** Whether a further request cited one of its leases. */
  readonly continued: boolean;
}

/** A lease with two successors or more, or a machine that began with no lease more than once. */
export interface ForkFinding {
  readonly machine: string;
  readonly product: string;
  readonly status: ForkStatus;
  /** Both null: the machine held no lease. */
  readonly root: { readonly leaseId: string | null; readonly position: number | null };
  /** Position of the request that made it a fork. */
  readonly raisedAt: number;
  /** Of a clone: positions of two requests of two branches that live at one time. */
  readonly proof: readonly [number, number] | null;
  /** By their start. */
  readonly branches: readonly ForkBranch[];
  /** Those whose leases ended more than 30 days ago, or beyond the 1,024 that are remembered. */
  readonly branchesForgotten: number;
}

export interface CloneReport {
  readonly clones: readonly ForkFinding[];
  readonly suspicions: readonly ForkFinding[];
  /** Suspicions that cleared and are still remembered: a copy that comes back makes them clones. */
  readonly cleared: number;
  readonly machines: number;
}

const branchOf = ({ from, start, positions, last, requests, leases }: Branch): ForkBranch => ({
  ...{ from, startedAt: start.position, positions: [...positions], lastAt: last.position, lastAtMs: last.atMs },
  ...{ requests, leases, continued: requests > 1 },
});

const findingOf = ({ machine, product }: Lineage, fork: Fork, nowMs: number): ForkFinding => ({
  machine,
  product,
  status: statusOfFork(fork, nowMs),
  root: fork.root,
  raisedAt: fork.raised.position,
  proof: fork.proof === null ? null : [fork.proof.earlier.position, fork.proof.later.position],
  branches: fork.branches.map(branchOf).sort((one, other) => one.startedAt - other.startedAt),
  branchesForgotten: fork.branchesForgotten,
});

/** All forks of the ledger up to the last event, in the order in which they were raised. O(machines). */
export const cloneReport = ({ lineages, products, recordedAtMs }: ForkState): CloneReport => {
  const findings = [...lineages.values()].flatMap((lineage) => lineage.forks.map((fork) => findingOf(lineage, fork, recordedAtMs))).sort((one, other) => one.raisedAt - other.raisedAt);
  const those = (status: ForkStatus) => findings.filter((finding) => finding.status === status);
  return { clones: those('clone'), suspicions: those('suspicion'), cleared: those('cleared').length, machines: products.size };
};
