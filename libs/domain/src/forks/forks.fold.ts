import type { DomainEvent, EventOf } from '@muster/contracts';
import { DAY_SECONDS, HOUR_SECONDS, SECOND_MS } from '@muster/kernel';
import type { PlacedEvent } from '../leases/active-leases.fold.js';
import { cite, succeed } from './grow-lineage.js';
import type { Fork, LeaseNode, Lineage, Moment } from './lineage.js';
import { forgetOldest, LEASES_REMEMBERED_MAX, newLineage } from './lineage.js';

/** How long after its end a lease is remembered: as long as an ended lease is listed. A machine that cites an older one begins a new tree. */
const GRACE_MS = 30 * DAY_SECONDS * SECOND_MS;

/** Not at each grant: the front of a map that is always appended to lies behind the gaps of all that moved away. */
const SWEEP_MS = HOUR_SECONDS * SECOND_MS;

type Requested = EventOf<'ActivationRequested'>['data'];
type Outcome = EventOf<'ActivationGranted' | 'ActivationRenewed' | 'ActivationDeferred' | 'RenewalDeferred' | 'ActivationRefused'>;

/**
 * Which lease followed from which, kept in O(1) an event while nothing forks. Changed in place, as the counts are.
 *
 * Machines stand in the order of their latest grant: the front is what is forgotten. A machine that renews weekly takes 14 kB: 30 leases, until 30 days past their end.
 */
export interface ForkState {
  readonly lineages: Map<string, Lineage>;
  /** Products of each machine. */
  readonly products: Map<string, Set<string>>;
  /** The request whose outcome is next. */
  asked: { readonly request: Requested; readonly at: Moment } | null;
  /** Of the last event. */
  recordedAtMs: number;
  /** When machines were looked through for those to forget. */
  sweptAtMs: number;
}

export const emptyForks = (): ForkState => ({ lineages: new Map(), products: new Map(), asked: null, recordedAtMs: 0, sweptAtMs: 0 });

const keyOf = (machine: string, product: string): string => `${machine} ${product}`;

export const lineageOf = (state: ForkState, machine: string, product: string): Lineage | undefined => state.lineages.get(keyOf(machine, product));

export const lineagesOf = (state: ForkState, machine: string): readonly Lineage[] => [...(state.products.get(machine) ?? [])].flatMap((product) => lineageOf(state, machine, product) ?? []);

const forgetLineage = (state: ForkState, { machine, product }: Lineage): void => {
  state.lineages.delete(keyOf(machine, product));
  const products = state.products.get(machine);
  products?.delete(product);
  if (products?.size === 0) state.products.delete(machine);
};

/** The lease whose hash is not known, if it is only one: that is the one which a new hash is of. Hashes are learned from renewals, which name the lease besides. */
const onlyUnhashed = ({ leases }: Lineage): LeaseNode | undefined => {
  const unhashed = [...leases.values()].filter(({ hash }) => hash === null);
  return unhashed.length === 1 ? unhashed[0] : undefined;
};

/** The lease that a request cites, as far as this ledger knows it. */
export const citedIn = (lineage: Lineage, { leaseId, hash }: { readonly leaseId: string | undefined; readonly hash: string | null }): LeaseNode | undefined => {
  if (hash === null) return lineage.origin;
  return (leaseId === undefined ? undefined : lineage.leases.get(leaseId)) ?? lineage.leases.get(hash) ?? (leaseId === undefined ? onlyUnhashed(lineage) : undefined);
};

const renewedBy = (outcome: Outcome): string | undefined => {
  if (outcome.type === 'ActivationRenewed') return outcome.data.renewedLease;
  return outcome.type === 'RenewalDeferred' ? outcome.data.lease : undefined;
};

const learnHash = (lineage: Lineage, node: LeaseNode, hash: string | null): void => {
  if (hash === null || node.hash !== null || lineage.leases.has(hash)) return;
  node.hash = hash;
  lineage.leases.set(hash, node);
};

/** Branches whose leases are all forgotten leave their fork. Where that leaves one, it takes the place of the one that forked. */
const forgetBranches = (lineage: Lineage, fork: Fork, nowMs: number): boolean => {
  const left = fork.branches.filter(({ endsAtMs }) => endsAtMs + GRACE_MS > nowMs);
  fork.branchesForgotten += fork.branches.length - left.length;
  fork.branches.splice(0, fork.branches.length, ...left);
  if (left.length > 1) return true;
  fork.proof = null;
  // Holding nothing is no lease, so it never ends: what begins with it later stands against what is left.
  if (lineage.origin.fork === fork) return true;
  for (const branch of left) {
    branch.fork = null;
    branch.up = fork.inside.fork === null ? fork.inside.up : fork.inside;
  }
  const root = lineage.leases.get(fork.root.leaseId ?? '');
  if (root !== undefined) root.fork = null;
  return false;
};

const sweep = (state: ForkState, nowMs: number): void => {
  state.sweptAtMs = nowMs;
  for (const oldest of state.lineages.values()) {
    if (oldest.endsAtMs + GRACE_MS > nowMs) break;
    forgetLineage(state, oldest);
  }
};

const forget = (state: ForkState, lineage: Lineage, nowMs: number): void => {
  for (let oldest = lineage.leases.values().next().value; oldest !== undefined; oldest = lineage.leases.values().next().value) {
    if (oldest.endsAtMs + GRACE_MS > nowMs && lineage.leases.size <= 2 * LEASES_REMEMBERED_MAX) break;
    forgetOldest(lineage);
  }
  if (lineage.forks.length > 0) lineage.forks.splice(0, lineage.forks.length, ...lineage.forks.filter((fork) => forgetBranches(lineage, fork, nowMs)));
  if (nowMs - state.sweptAtMs >= SWEEP_MS) sweep(state, nowMs);
};

const successorOf = (outcome: Outcome, at: Moment) => {
  if (outcome.type !== 'ActivationGranted' && outcome.type !== 'ActivationRenewed') return undefined;
  const { leaseId, expiresAt, renewAfterSeconds } = outcome.data;
  return { leaseId, hash: null, at, endsAtMs: Date.parse(expiresAt), renewAfterMs: renewAfterSeconds * SECOND_MS };
};

const lineageFor = (state: ForkState, { machine, product }: Requested, at: Moment): Lineage => {
  const lineage = lineageOf(state, machine, product) ?? newLineage(machine, product, at);
  // To the end of the map: the machine is now the one that is forgotten last.
  state.lineages.delete(keyOf(machine, product));
  state.lineages.set(keyOf(machine, product), lineage);
  const products = state.products.get(machine);
  if (products === undefined) state.products.set(machine, new Set([product]));
  else products.add(product);
  return lineage;
};

const decided = (state: ForkState, outcome: Outcome): void => {
  const { asked } = state;
  state.asked = null;
  if (asked === null || asked.request.machine !== outcome.data.machine || asked.request.product !== outcome.data.product) return;
  const { request, at } = asked;
  const successor = successorOf(outcome, at);
  const known = lineageOf(state, request.machine, request.product);
  // Who holds nothing that is remembered, and gets nothing, leaves nothing to remember.
  if (known === undefined && successor === undefined) return;
  const lineage = successor === undefined && known !== undefined ? known : lineageFor(state, request, at);
  const cited = citedIn(lineage, { leaseId: renewedBy(outcome), hash: request.citedLease });
  if (cited !== undefined) {
    learnHash(lineage, cited, request.citedLease);
    cite(cited, at);
    if (cited !== lineage.origin) cited.branch.released = false;
  }
  if (successor === undefined) return;
  if (cited === undefined) cite(lineage.origin, at);
  const parent = cited ?? succeed(lineage, lineage.origin, { ...successor, leaseId: null, hash: request.citedLease });
  succeed(lineage, parent, successor);
  forget(state, lineage, at.atMs);
};

/** The machine showed anew that it may have its key: what was found of copies before is settled, what they do from now on is found again. */
const enrolled = (state: ForkState, machine: string): void => {
  for (const { forks } of lineagesOf(state, machine)) {
    for (const fork of forks) {
      fork.proof = null;
      for (const branch of fork.branches) branch.life = null;
    }
  }
};

const released = (state: ForkState, { machine, product, leaseId }: EventOf<'ActivationReleased'>['data']): void => {
  const lease = lineageOf(state, machine, product)?.leases.get(leaseId);
  if (lease !== undefined) lease.branch.released = true;
};

/** The state after an event: the same object, changed in place. Events come in the order of the ledger, a request's outcome after the request. */
export const applyForkEvent = (state: ForkState, { position, recordedAtMs, event }: PlacedEvent): ForkState => {
  state.recordedAtMs = recordedAtMs;
  switch (event.type) {
    case 'ActivationRequested':
      state.asked = { request: event.data, at: { position, atMs: recordedAtMs } };
      return state;
    case 'ActivationGranted':
    case 'ActivationRenewed':
    case 'ActivationDeferred':
    case 'RenewalDeferred':
    case 'ActivationRefused':
      decided(state, event);
      return state;
    case 'ActivationReleased':
      released(state, event.data);
      return state;
    case 'MachineEnrolled':
      enrolled(state, event.data.machine);
      return state;
    case 'MachineRetired':
      for (const lineage of lineagesOf(state, event.data.machine)) forgetLineage(state, lineage);
      return state;
    default:
      return state; // an expiry changes nothing: an expired lease is cited like any other
  }
};

/** What of the catalogue the fold reads. */
export const forkEventTypes = [
  ...['ActivationRequested', 'ActivationGranted', 'ActivationRenewed', 'ActivationDeferred', 'RenewalDeferred', 'ActivationRefused'],
  ...['ActivationReleased', 'MachineEnrolled', 'MachineRetired'],
] as const satisfies readonly DomainEvent['type'][];
