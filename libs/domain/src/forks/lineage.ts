/** A recorded request by its place: the ledger says the rest, the side table who it was. */
export interface Moment {
  readonly position: number;
  readonly atMs: number;
}

/** From the first to the last request of a branch: two lives that overlap are two machines, one after the other is a restored backup. */
export interface BranchLife {
  readonly first: Moment;
  last: Moment;
  /** The first included: from two on, the branch is continued. */
  requests: number;
}

/** Leases that follow from one another. A branch that forks goes on in the branches of the fork, whose requests are its own too. */
export interface Branch {
  readonly start: Moment;
  /** `unknown-lease`: begun from a lease that this ledger does not hold, of another host or long forgotten. */
  readonly from: 'root' | 'unknown-lease';
  /** The branch in which its fork stands. */
  up: Branch | null;
  /** The fork that it comes from; null for the trunk. */
  fork: Fork | null;
  /** Null since the machine enrolled anew, until the branch is heard of again. */
  life: BranchLife | null;
  last: Moment;
  requests: number;
  leases: number;
  /** Positions of the first requests, at most `REQUESTS_NAMED_MAX`; none for a trunk. */
  readonly positions: number[];
  endsAtMs: number;
  /** Given back: a machine that begins with nothing afterwards does as it should. */
  released: boolean;
}

/** A lease, or having none, with two successors or more. */
export interface Fork {
  readonly root: { readonly leaseId: string | null; readonly position: number | null };
  inside: Branch;
  readonly branches: Branch[];
  /** The request that made it a fork. */
  readonly raised: Moment;
  /** What a copy that lives would have done by: renewed. */
  renewAfterMs: number;
  /** Two requests of two branches, of which neither can have been the last of its machine's life. */
  proof: { readonly earlier: Moment; readonly later: Moment } | null;
  /** Ended long ago, or beyond `BRANCHES_MAX`. */
  branchesForgotten: number;
}

export interface LeaseNode {
  /** Null: no lease, or one that only its hash is known of. */
  readonly leaseId: string | null;
  hash: string | null;
  readonly granted: Moment;
  endsAtMs: number;
  branch: Branch;
  /** Its first successor, while it has only one. */
  next: LeaseNode | null;
  fork: Fork | null;
  /** Requests that cited it. */
  cited: number;
  lastCited: Moment | null;
}

/** Everything that a machine held of one product. */
export interface Lineage {
  readonly machine: string;
  readonly product: string;
  /** Holding no lease: what a machine's first request cites. */
  readonly origin: LeaseNode;
  /** By lease id and by hash, in the order of their grants. */
  readonly leases: Map<string, LeaseNode>;
  readonly forks: Fork[];
  endsAtMs: number;
}

/** Leases of one machine and product that are remembered: 150 copies that each renew every week for 180 days. Beyond it the oldest are forgotten early. */
export const LEASES_REMEMBERED_MAX = 4096;

/** Branches of one fork: ten times what an image is usually copied to. Beyond it those that were never continued are only counted. */
export const BRANCHES_MAX = 1024;

/** Positions named of each branch: enough to look its machine up. */
export const REQUESTS_NAMED_MAX = 8;

export const newBranch = (start: Moment, over: Pick<Branch, 'from' | 'up' | 'fork'>): Branch => ({
  ...over,
  start,
  life: { first: start, last: start, requests: 1 },
  last: start,
  requests: 1,
  leases: 0,
  positions: over.fork === null ? [] : [start.position],
  endsAtMs: 0,
  released: false,
});

/** Written out: there are many of them, and a spread object takes half as much again. */
export const newNode = ({ leaseId, hash, granted, endsAtMs, branch }: Pick<LeaseNode, 'leaseId' | 'hash' | 'granted' | 'endsAtMs' | 'branch'>): LeaseNode => ({
  leaseId,
  hash,
  granted,
  endsAtMs,
  branch,
  next: null,
  fork: null,
  cited: 0,
  lastCited: null,
});

export const newLineage = (machine: string, product: string, first: Moment): Lineage => {
  const branch = newBranch(first, { from: 'root', up: null, fork: null });
  return { machine, product, origin: newNode({ leaseId: null, hash: null, granted: first, endsAtMs: Infinity, branch }), leases: new Map(), forks: [], endsAtMs: 0 };
};

export const remember = ({ leases }: Lineage, node: LeaseNode): void => {
  if (node.leaseId !== null) leases.set(node.leaseId, node);
  if (node.hash !== null) leases.set(node.hash, node);
};

/** Forgets the lease that was granted first. */
export const forgetOldest = ({ leases, origin }: Lineage): void => {
  const oldest = leases.values().next().value;
  if (oldest === undefined) return;
  if (oldest.leaseId !== null) leases.delete(oldest.leaseId);
  if (oldest.hash !== null) leases.delete(oldest.hash);
  if (origin.next === oldest) origin.next = oldest.next;
};
