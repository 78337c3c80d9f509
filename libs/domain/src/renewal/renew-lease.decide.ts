import type { ProductPolicy } from '@muster/contracts';
import { SECOND_MS } from '@muster/kernel';
import type { ActivationContext, ActivationDecision } from '../activation/outcome-events.js';
import { outcomeByCount, refused, requested } from '../activation/outcome-events.js';
import type { DecisionTime, Rejection, Screened } from '../activation/screen-request.rule.js';
import { reject, screenProduct } from '../activation/screen-request.rule.js';
import type { HostState } from '../hosts/host.fold.js';
import { signingKidOf } from '../hosts/signing-keys.rule.js';
import type { ActiveLeases } from '../leases/active-leases.fold.js';
import { grantedLastHour, heldBy } from '../leases/active-leases.fold.js';
import type { GenuineLease, LeaseRequest } from './presented-lease.rule.js';
import { isIssuedHere, screenPresentedLease } from './presented-lease.rule.js';
import { paceRenewal } from './renewal-pace.rule.js';

export interface RenewalRequest extends LeaseRequest {
  readonly virtual: boolean;
  /** The moment that the machine drew inside its window, as it says; seconds. */
  readonly drawnFor: number | null;
}

/** When a renewal is screened, and the draw that says when a late one may come again. */
export interface RenewalMoment extends DecisionTime {
  readonly spread: number;
}

/** The host, and who holds which lease: both as of the head that is decided from. */
export interface LeaseState {
  readonly host: HostState;
  readonly leases: ActiveLeases;
}

type ScreenedRenewal = Rejection | (Exclude<Screened, Rejection> & { readonly renewedLease: string | undefined });

/**
 * A lease that the machine's later one superseded renews like that one: a machine restored from a backup holds nothing newer.
 * Where two machines share a key and both go on, the cited leases on record show it.
 */
const whyNotRenewed = ({ leaseId, machine, product }: GenuineLease, leases: ActiveLeases): Rejection | undefined => {
  const held = heldBy(leases, machine, product);
  if (leases.released.has(leaseId) || held?.recorded === 'released') return reject('lease-released', 'The lease was released. Activate again.');
  if (held === undefined) return reject('lease-unknown', 'The ledger of this host holds no such lease. Activate again.');
  return undefined;
};

const comeLater = (request: RenewalRequest, lease: GenuineLease, product: ProductPolicy, leases: ActiveLeases, { nowMs, spread }: RenewalMoment): Rejection | undefined => {
  const expiresAtMs = lease.expiresAt * SECOND_MS;
  const pace = paceRenewal({
    nowMs,
    lease: { issuedAtMs: lease.issuedAt * SECOND_MS, expiresAtMs },
    drawnForMs: request.drawnFor === null ? null : request.drawnFor * SECOND_MS,
    running: leases.ends.size,
    grantedLastHour: grantedLastHour(leases, nowMs),
    product,
    spread,
  });
  if (pace.status === 'now') return undefined;
  return { ...reject('overloaded', 'Many machines renew late at this time, and this one has more than half of its lease left.'), retryAfterSeconds: pace.retryAfterSeconds };
};

/** Everything about a new renewal request that does not need the count. */
export const screenRenewal = (request: RenewalRequest, { host: state, leases }: LeaseState, moment: RenewalMoment): ScreenedRenewal => {
  const { nowMs } = moment;
  const admitted = screenPresentedLease(request, state, moment);
  if (admitted.status === 'rejected') return admitted;
  const { host, lease } = admitted;
  const here = isIssuedHere(host, lease);
  const rejection = here ? whyNotRenewed(lease, leases) : undefined;
  if (rejection !== undefined) return rejection;
  const graceSeconds = here ? host.certificate.claims.renewalGraceSeconds : 0;
  const screened = screenProduct(lease.product, host, { nowMs, graceSeconds });
  if (screened.status === 'rejected') return screened;
  const later = here && screened.status === 'countable' ? comeLater(request, lease, screened.product, leases, moment) : undefined;
  return later ?? { ...screened, renewedLease: here ? lease.leaseId : undefined };
};

/**
 * Decides a renewal whose request id is new to the ledger. The lease of another host of the same vendor and organisation is decided as an
 * activation: the machine was not counted here, so the threshold applies and there is no lease here to renew.
 */
export const decideRenewal = (request: RenewalRequest, state: LeaseState, context: ActivationContext): ActivationDecision => {
  const screened = screenRenewal(request, state, { nowMs: context.nowMs, clockMs: context.clockMs, spread: context.draws.spread });
  if (screened.status === 'rejected') return screened;
  const subject = { request: { ...request, citedLease: request.presented.digest }, product: screened.product, certificate: screened.certificate, kid: signingKidOf(state.host), context };
  const outcome = screened.status === 'refused' ? refused(subject, screened.reason) : outcomeByCount(subject, screened.pool, screened.renewedLease);
  return { status: 'recorded', events: [requested(subject), outcome] };
};
