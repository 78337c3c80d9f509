import { rivalOf, statusOfFork } from './fork-status.rule.js';
import type { ForkState } from './forks.fold.js';
import { citedIn, lineageOf } from './forks.fold.js';
import type { Branch, LeaseNode, Lineage } from './lineage.js';

/** What a host does about copies of a machine. Whichever it is, they share one key and count once. */
export type ForkPolicy = 'count-once' | 'warn' | 'refuse-until-re-enrolled';

/** A request that is about to be decided. */
export interface Citation {
  readonly machine: string;
  readonly product: string;
  /** SHA-256 of the last lease held; null for none. */
  readonly citedLease: string | null;
  /** Of a renewal: the lease that it presents. */
  readonly leaseId?: string | undefined;
}

/**
 * What recording the request would show. `with`: positions of the earlier requests that it stands against, whose machines the side table names.
 */
export type ForkStanding =
  | { readonly status: 'clean' }
  /** Its lease would have a second successor, or has had and which one goes on is open. */
  | { readonly status: 'suspicion'; readonly with: readonly number[] }
  | { readonly status: 'clone'; readonly with: readonly number[] };

export type ForkVerdict =
  | { readonly status: 'admitted'; readonly warning: Exclude<ForkStanding, { readonly status: 'clean' }> | null }
  /** Until the machine enrols anew: that is recorded before its request, and settles what was found. */
  | { readonly status: 'refused'; readonly with: readonly number[] };

const provenIn = ({ forks }: Lineage): readonly number[] | undefined => {
  const proof = forks.find(({ proof: found }) => found !== null)?.proof;
  return proof === undefined || proof === null ? undefined : [proof.earlier.position, proof.later.position];
};

/** The request as one more of its branch, and of those that it stands in. */
const wouldProve = (cited: LeaseNode, position: number): readonly number[] | undefined => {
  for (let branch: Branch | null = cited.branch; branch !== null; branch = branch.up) {
    if (branch.fork === null || branch.life === null) continue;
    const life = { ...branch.life, last: { ...branch.life.last, position }, requests: branch.life.requests + 1 };
    const rival = rivalOf(branch.fork, branch, life);
    if (rival !== undefined) return [rival.last.position];
  }
  return undefined;
};

/** The latest branch that a second successor would stand against. One that was given back ended there, and so stands against nothing. */
const successorOf = ({ next, fork }: LeaseNode): readonly number[] => {
  const latest = fork?.branches.at(-1);
  if (latest !== undefined) return latest.released ? [] : [latest.start.position];
  return next === null || next.branch.released ? [] : [next.granted.position];
};

/** Judges a request by the leases before it, as of the same head as everything else that it is decided from. Changes nothing; O(1) unless the machine forked. */
export const foreseeFork = (state: ForkState, { machine, product, citedLease, leaseId }: Citation): ForkStanding => {
  const lineage = lineageOf(state, machine, product);
  if (lineage === undefined) return { status: 'clean' };
  const cited = citedIn(lineage, { leaseId, hash: citedLease });
  const proven = provenIn(lineage) ?? (cited === undefined ? undefined : wouldProve(cited, Infinity));
  if (proven !== undefined) return { status: 'clone', with: proven };
  const others = cited === undefined ? [] : successorOf(cited);
  if (others.length > 0) return { status: 'suspicion', with: others };
  const open = lineage.forks.find((fork) => statusOfFork(fork, state.recordedAtMs) === 'suspicion');
  return open === undefined ? { status: 'clean' } : { status: 'suspicion', with: open.branches.slice(-2).map(({ last }) => last.position) };
};

/** A suspicion never refuses anybody: a machine restored from its backup must go on working. */
export const judgeFork = (policy: ForkPolicy, standing: ForkStanding): ForkVerdict => {
  if (policy === 'count-once' || standing.status === 'clean') return { status: 'admitted', warning: null };
  if (policy === 'refuse-until-re-enrolled' && standing.status === 'clone') return { status: 'refused', with: standing.with };
  return { status: 'admitted', warning: standing };
};
