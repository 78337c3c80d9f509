import { toNumericDate } from '@muster/kernel';
import type { EndDecision } from '../leases/end-leases.decide.js';
import type { HeldLease } from '../leases/active-leases.fold.js';
import { leaseById } from '../leases/active-leases.fold.js';
import { TimeBuckets } from '../leases/time-buckets.js';
import type { Derived } from './audit.types.js';
import type { RoundContext } from './redecide-request.js';
import type { Shape } from './unit.js';

type Ending = Extract<Shape, { readonly kind: 'retirement' | 'release' | 'expiry' }>;

const derivedFrom = (decision: EndDecision): Derived => (decision.status === 'rejected' ? { why: decision.kind } : { events: decision.events });

/** A machine gives back what it holds: presented as it was recorded. */
const release = ({ released }: Extract<Ending, { readonly kind: 'release' }>, { state, rules, head, nowMs }: RoundContext): Derived => {
  const { leaseId, reason } = released.data;
  if (reason !== 'returned') return derivedFrom(rules.decideForceRelease({ leaseId, reason }, state, { head, nowMs }));
  const held = leaseById(state.leases, leaseId);
  if (held === undefined || state.host.status === 'not-activated') return { why: 'lease-unknown' };
  const { machine, product, issuedAtMs, expiresAtMs } = held;
  const { host, certificate } = state.host;
  const times = { issuedAt: toNumericDate(issuedAtMs), expiresAt: toNumericDate(expiresAtMs) };
  const presented = { status: 'genuine', digest: '', leaseId, host, organisation: certificate.claims.organisation, machine, product, ...times } as const;
  const request = { machine, requestId: '', leaseId, audience: null, issuedAt: toNumericDate(nowMs), contentDigest: '', presented };
  return derivedFrom(rules.decideRelease(request, state, { head, nowMs, clockMs: nowMs }));
};

/** The lease alone, so that what is derived does not rest on the order in which a service happened to hold the others. */
const expiry = ({ expired }: Extract<Ending, { readonly kind: 'expiry' }>, { state: { leases }, rules, head, nowMs }: RoundContext): Derived => {
  const lease = leaseById(leases, expired.data.leaseId);
  if (lease?.recorded !== 'running') return { why: lease === undefined ? 'lease-unknown' : `the lease is recorded as ${lease.recorded}` };
  const ends = new TimeBuckets<HeldLease>();
  ends.add(lease.leaseId, lease.expiresAtMs, lease);
  const events = rules.decideExpiries({ leases: { ...leases, ends } }, { head, nowMs }, 1);
  return events.length === 0 ? { why: 'the lease runs' } : { events };
};

/** Decides the end of leases again, as of the round's head. */
export const redecideEnd = (shape: Ending, round: RoundContext): Derived => {
  const { state, rules, head, nowMs } = round;
  switch (shape.kind) {
    case 'retirement': {
      const { machine, reason } = shape.retired.data;
      return derivedFrom(rules.decideRetirement({ machine, reason }, state, { head, nowMs, isKnown: state.machines.has(machine) }));
    }
    case 'release':
      return release(shape, round);
    case 'expiry':
      return expiry(shape, round);
  }
};
