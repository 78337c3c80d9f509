import type { Branch, BranchLife, Fork, Moment } from './lineage.js';

/**
 * `clone`: two branches live at one time. `suspicion`: two successors, and which of them will go on is not known yet. `cleared`: one went on
 * alone, for so long that the others would have been heard of.
 */
export type ForkStatus = 'clone' | 'suspicion' | 'cleared';

/** Renewals that a branch must go on for alone until the others pass for abandoned: a copy that is switched on has renewed in the first of them. */
const QUIET_RENEWALS = 2;

const isContinued = (life: BranchLife | null): life is BranchLife => life !== null && life.requests > 1;

const overlap = (one: BranchLife, other: BranchLife): boolean => one.first.position < other.last.position && other.first.position < one.last.position;

/** Whether a life, now or as it would be after one more request, overlaps that of another branch, where both are continued. */
export const rivalOf = ({ branches }: Pick<Fork, 'branches'>, branch: Branch, life: BranchLife | null): Branch | undefined =>
  isContinued(life) ? branches.find((other) => other !== branch && isContinued(other.life) && overlap(life, other.life)) : undefined;

/**
 * The proof of a clone after a request of `branch`, if there is one: two branches were each continued by a further request, and neither ended before the
 * other began. One machine that is restored from backups, again and again, leaves each branch behind before it begins the next.
 */
export const provenBy = (fork: Fork, branch: Branch): { readonly earlier: Moment; readonly later: Moment } | null => {
  const rival = rivalOf(fork, branch, branch.life);
  return rival === undefined ? null : { earlier: rival.last, later: branch.last };
};

/** Which branches of a fork a suspicion is about. Coming from a lease of another host is nothing strange, and neither is beginning anew after a release. */
const suspects = ({ branches }: Fork): readonly Branch[] => branches.filter(({ from, released, life }) => from === 'root' && !released && life !== null);

export const statusOfFork = (fork: Fork): ForkStatus => {
  if (fork.proof !== null) return 'clone';
  const [latest, before] = suspects(fork).toSorted((one, other) => other.last.position - one.last.position);
  if (latest === undefined || before === undefined) return 'cleared';
  const aloneSinceMs = Math.max(before.last.atMs, fork.branches.at(-1)?.start.atMs ?? 0);
  return latest.last.atMs - aloneSinceMs >= QUIET_RENEWALS * fork.renewAfterMs ? 'cleared' : 'suspicion';
};
