import type { DomainEvent, ForceRelease, ReleaseReason, RetireMachine } from '@muster/contracts';
import { toInstant } from '@muster/kernel';
import { basisOf, RULES_VERSION } from '../activation/outcome-events.js';
import type { DecisionTime, Rejection } from '../activation/screen-request.rule.js';
import { reject } from '../activation/screen-request.rule.js';
import type { CertificateInForce } from '../hosts/host.fold.js';
import type { LeaseRequest } from '../renewal/presented-lease.rule.js';
import { isIssuedHere, screenPresentedLease } from '../renewal/presented-lease.rule.js';
import type { LeaseState } from '../renewal/renew-lease.decide.js';
import type { HeldLease } from './active-leases.fold.js';
import { heldBy, leaseById, leasesDue, leasesOf } from './active-leases.fold.js';
import { standingOf } from './list-leases.js';

/** What an end is decided from. */
export interface EndContext {
  readonly head: number;
  readonly nowMs: number;
}

export type EndDecision = Rejection | { readonly status: 'recorded'; readonly events: readonly [DomainEvent, ...DomainEvent[]] };

const subjectOf = ({ machine, product, pool, virtual, leaseId }: HeldLease) => ({ machine, product, pool, virtual, leaseId });

const releasedEvent = (lease: HeldLease, reason: ReleaseReason, certificate: CertificateInForce, context: EndContext): DomainEvent => ({
  type: 'ActivationReleased',
  data: { ...subjectOf(lease), reason, basis: basisOf({ certificate, context }) },
});

/** Why a lease cannot be released at this moment, if it cannot. */
const whyNotReleased = (lease: HeldLease | undefined, nowMs: number): Rejection | undefined => {
  if (lease === undefined) return reject('lease-unknown', 'The ledger holds no such lease, or a later one took its place.');
  switch (standingOf(lease, nowMs)) {
    case 'running':
      return undefined;
    case 'released':
      return reject('lease-released', 'The lease was released before.');
    case 'expired':
      return reject('lease-expired', `The lease ran out at ${toInstant(lease.expiresAtMs)}.`);
  }
};

/** A machine gives back what it holds: its latest lease for the product, also where it presents the one before. */
export const decideRelease = (request: LeaseRequest, { host: state, leases }: LeaseState, context: EndContext & DecisionTime): EndDecision => {
  const admitted = screenPresentedLease(request, state, context);
  if (admitted.status === 'rejected') return admitted;
  const { host, lease } = admitted;
  if (!isIssuedHere(host, lease)) return reject('lease-unknown', 'The lease is another host’s: release it there.', { host: lease.host });
  if (leases.released.has(lease.leaseId)) return reject('lease-released', 'The lease was released before.');
  const held = heldBy(leases, lease.machine, lease.product);
  const rejection = whyNotReleased(held, context.nowMs);
  if (rejection !== undefined || held === undefined) return rejection ?? reject('lease-unknown', 'The ledger holds no such lease.');
  return { status: 'recorded', events: [releasedEvent(held, 'returned', host.certificate, context)] };
};

const notActivated = (): Rejection => reject('host-not-activated', 'The host has no certificate from the vendor yet.');

/** An administrator ends a lease that its machine will not give back. */
export const decideForceRelease = ({ leaseId, reason }: Pick<ForceRelease, 'leaseId' | 'reason'>, { host, leases }: LeaseState, context: EndContext): EndDecision => {
  if (host.status === 'not-activated') return notActivated();
  if (leases.released.has(leaseId)) return reject('lease-released', 'The lease was released before.');
  const lease = leaseById(leases, leaseId);
  const rejection = whyNotReleased(lease, context.nowMs);
  if (rejection !== undefined || lease === undefined) return rejection ?? reject('lease-unknown', 'The ledger holds no such lease.');
  return { status: 'recorded', events: [releasedEvent(lease, reason, host.certificate, context)] };
};

/**
 * An administrator takes a machine out: it leaves every count at once, and the leases that it holds end for the same reason.
 *
 * @param isKnown whether the ledger has any event of the machine, as of the same head
 */
export const decideRetirement = (
  { machine, reason }: Pick<RetireMachine, 'machine' | 'reason'>,
  { host, leases }: LeaseState,
  { isKnown, ...context }: EndContext & { readonly isKnown: boolean },
): EndDecision => {
  if (host.status === 'not-activated') return notActivated();
  if (!isKnown) return reject('machine-unknown', 'The ledger holds no event of this machine.');
  const running = leasesOf(leases, machine).filter((lease) => standingOf(lease, context.nowMs) === 'running');
  return { status: 'recorded', events: [{ type: 'MachineRetired', data: { machine, reason } }, ...running.map((lease) => releasedEvent(lease, reason, host.certificate, context))] };
};

/**
 * The leases that ran out and of which that is not recorded yet, at most `limit`. At one moment a lease is either renewed (before its end) or
 * expired (from its end on), never both.
 */
export const decideExpiries = ({ leases }: Pick<LeaseState, 'leases'>, { head, nowMs }: EndContext, limit: number): readonly DomainEvent[] =>
  leasesDue(leases, nowMs, limit).map((lease) => ({
    type: 'ActivationExpired',
    data: { ...subjectOf(lease), expiredAt: toInstant(lease.expiresAtMs), basis: { head, now: toInstant(nowMs), rulesVersion: RULES_VERSION } },
  }));
