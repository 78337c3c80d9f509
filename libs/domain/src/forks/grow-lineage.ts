import { provenBy } from './fork-status.rule.js';
import type { Branch, Fork, LeaseNode, Lineage, Moment } from './lineage.js';
import { BRANCHES_MAX, newBranch, newNode, remember, REQUESTS_NAMED_MAX } from './lineage.js';

/** A branch and all that it stands in were heard of. */
const hear = (branch: Branch, at: Moment): void => {
  for (let heard: Branch | null = branch; heard !== null; heard = heard.up) {
    heard.last = at;
    heard.requests += 1;
    if (heard.life === null) heard.life = { first: at, last: at, requests: 1 };
    else {
      heard.life.last = at;
      heard.life.requests += 1;
    }
    if (heard.fork === null) continue;
    if (heard.positions.length < REQUESTS_NAMED_MAX) heard.positions.push(at.position);
    heard.fork.proof ??= provenBy(heard.fork, heard);
  }
};

/** A request cited the lease. */
export const cite = (node: LeaseNode, at: Moment): void => {
  node.cited += 1;
  node.lastCited = at;
  hear(node.branch, at);
};

const later = (one: Moment, other: Moment | null): Moment => (other !== null && other.position > one.position ? other : one);

/** The leases from `first` on leave the branch that they were in for one of their own, because the lease before them has a second successor. */
const split = (first: LeaseNode, fork: Fork): Branch => {
  const branch = newBranch(first.granted, { from: first.leaseId === null ? 'unknown-lease' : 'root', up: fork.inside, fork });
  let { last, requests } = branch;
  branch.released = fork.inside.released;
  for (let node: LeaseNode | null = first; node !== null; node = node.fork === null ? node.next : null) {
    node.branch = branch;
    branch.leases += node.leaseId === null ? 0 : 1;
    branch.endsAtMs = Math.max(branch.endsAtMs, node.endsAtMs);
    if (node !== first && branch.positions.length < REQUESTS_NAMED_MAX && node.granted.position !== branch.positions.at(-1)) branch.positions.push(node.granted.position);
    // The lease of another host and its successor here come of one request.
    requests += node.cited;
    last = later(last, node.lastCited);
    for (const inner of node.fork?.branches ?? []) {
      inner.up = branch;
      requests += inner.requests - 1;
      branch.leases += inner.leases;
      branch.endsAtMs = Math.max(branch.endsAtMs, inner.endsAtMs);
      last = later(last, inner.last);
    }
    if (node.fork !== null) node.fork.inside = branch;
  }
  branch.last = last;
  branch.requests = requests;
  branch.life = { first: first.granted, last, requests };
  return branch;
};

const forkAt = (lineage: Lineage, parent: LeaseNode, { at, renewAfterMs }: { readonly at: Moment; readonly renewAfterMs: number }): Fork => {
  if (parent.fork !== null) {
    parent.fork.renewAfterMs = renewAfterMs;
    return parent.fork;
  }
  const position = parent === lineage.origin ? null : parent.granted.position;
  const fork: Fork = { root: { leaseId: parent.leaseId, position }, inside: parent.branch, branches: [], raised: at, renewAfterMs, proof: null, branchesForgotten: 0 };
  parent.fork = fork;
  lineage.forks.push(fork);
  if (parent.next !== null) fork.branches.push(split(parent.next, fork));
  parent.next = null;
  return fork;
};

/** Of those that were never continued the oldest, else the oldest of all. */
const makeRoom = (fork: Fork): void => {
  if (fork.branches.length < BRANCHES_MAX) return;
  const silent = fork.branches.findIndex(({ requests }) => requests < 2);
  fork.branches.splice(Math.max(0, silent), 1);
  fork.branchesForgotten += 1;
};

export interface Successor {
  readonly leaseId: string | null;
  readonly hash: string | null;
  readonly at: Moment;
  readonly endsAtMs: number;
  readonly renewAfterMs: number;
}

const branchFor = (lineage: Lineage, parent: LeaseNode, successor: Successor): Branch => {
  if (parent.next === null && parent.fork === null) return parent.branch;
  const fork = forkAt(lineage, parent, successor);
  makeRoom(fork);
  const branch = newBranch(successor.at, { from: successor.leaseId === null ? 'unknown-lease' : 'root', up: fork.inside, fork });
  fork.branches.push(branch);
  return branch;
};

/** A lease that follows from `parent`: in its branch if it is the first, else in a branch of its own. */
export const succeed = (lineage: Lineage, parent: LeaseNode, successor: Successor): LeaseNode => {
  const { leaseId, hash, at, endsAtMs } = successor;
  const branch = branchFor(lineage, parent, successor);
  const node = newNode({ leaseId, hash, granted: at, endsAtMs, branch });
  if (parent.fork === null) parent.next = node;
  for (let grown: Branch | null = branch; grown !== null; grown = grown.up) {
    if (leaseId !== null) grown.leases += 1;
    grown.endsAtMs = Math.max(grown.endsAtMs, endsAtMs);
  }
  lineage.endsAtMs = Math.max(lineage.endsAtMs, endsAtMs);
  remember(lineage, node);
  return node;
};
