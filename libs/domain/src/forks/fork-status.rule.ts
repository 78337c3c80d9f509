import { DAY_SECONDS, SECOND_MS } from '@muster/kernel';
import type { Branch, BranchLife, Fork, Moment } from './lineage.js';

/**
 * `clone`: two branches live at one time. `suspicion`: two successors, and which of them will go on is not known yet. `cleared`: one went on
 * alone, for so long that the others would have been heard of, or none did.
 * `harmless`: nothing strange was seen, or the machine enrolled anew since.
 */
export type ForkStatus = 'clone' | 'suspicion' | 'cleared' | 'harmless';

/** Renewals that a branch must go on for alone until the others pass for abandoned: a copy that is switched on has renewed in the first of them. */
const QUIET_RENEWALS = 2;

/** A machine that was not heard of for so long is counted no more, be it one or two. */
const GONE_MS = 30 * DAY_SECONDS * SECOND_MS;

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

/** Whoever was heard of last with the machine's key, in this fork or beside it: a branch may go on from a lease of another host. */
const lastOfMachine = ({ inside }: Fork): Moment => {
  let branch = inside;
  while (branch.up !== null) branch = branch.up;
  return branch.last;
};

/** @param nowMs the time of the ledger's last event */
export const statusOfFork = (fork: Fork, nowMs: number): ForkStatus => {
  if (fork.proof !== null) return 'clone';
  const [, before] = suspects(fork).toSorted((one, other) => other.last.position - one.last.position);
  if (before === undefined) return 'harmless';
  const aloneSinceMs = Math.max(before.last.atMs, fork.branches.at(-1)?.start.atMs ?? 0);
  const lastMs = lastOfMachine(fork).atMs;
  return lastMs - aloneSinceMs >= QUIET_RENEWALS * fork.renewAfterMs || nowMs - lastMs >= GONE_MS ? 'cleared' : 'suspicion';
};
