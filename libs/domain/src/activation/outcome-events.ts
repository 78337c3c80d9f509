import type { DomainEvent, EventOf, FirmwareEvidence, PoolCounts, PoolPolicy, ProductPolicy, RefusalReason } from '@muster/contracts';
import { SECOND_MS, toInstant, toNumericDate } from '@muster/kernel';
import type { Standing } from '../enrolment/standing.rule.js';
import { countingStandingOf } from '../enrolment/standing.rule.js';
import type { CertificateInForce } from '../hosts/host.fold.js';
import { renewalWindow } from '../renewal/renewal-window.rule.js';
import type { DecisionTime, Rejection } from './screen-request.rule.js';
import { countUnder, meetsThreshold } from './threshold.rule.js';

/** Raised whenever a rule changes what it decides: an auditor tells an explained difference from an unexplained one. */
export const RULES_VERSION = 1;

/** Deferred machines come back after 0.75 to 1 of the policy's interval, so that those who came together do not return together. */
const RETRY_SHARE_MIN = 0.75;

/** What a decision is made from, all of it as of one head. */
export interface ActivationContext extends DecisionTime {
  readonly head: number;
  /** The pool's counts, with this machine included where it counts; needed where the request was screened as `countable`. */
  readonly counts: PoolCounts | undefined;
  /** Whether the machine counts, where that was judged already; else it counts by `enrolled`. */
  readonly standing?: Standing | undefined;
  /** The machines that enrolled; left out, nobody is known to have. */
  readonly enrolled?: { readonly has: (machine: string) => boolean } | undefined;
  readonly draws: { readonly leaseId: string; readonly spread: number };
}

/** Either nothing is recorded, or the request and exactly one outcome are, the outcome last; before them that the machine enrolled, where it did. */
export type ActivationDecision =
  | Rejection
  | { readonly status: 'recorded'; readonly events: readonly [DomainEvent, DomainEvent] | readonly [EventOf<'MachineEnrolled'>, DomainEvent, DomainEvent] };

/** What was asked, by whom, under which policy, and what it is decided from. */
export interface Subject {
  readonly request: {
    readonly machine: string;
    readonly virtual: boolean;
    readonly issuedAt: number;
    readonly citedLease: string | null;
    readonly contentDigest: string;
    /** Of a renewal: the moment that the machine drew, as it says; seconds. */
    readonly drawnFor?: number | null;
    /** Of an activation: what the firmware says. */
    readonly evidence?: FirmwareEvidence | undefined;
  };
  readonly product: ProductPolicy;
  readonly certificate: CertificateInForce;
  /** The key that signs what is decided. */
  readonly kid: string;
  readonly context: ActivationContext;
}

const subjectOf = ({ request, product }: Subject) => ({ machine: request.machine, product: product.name, pool: product.pool, virtual: request.virtual });

/** What every decision says that it was made from. */
export const basisOf = ({ certificate, context }: { readonly certificate: CertificateInForce; readonly context: Pick<ActivationContext, 'head' | 'nowMs'> }) => ({
  head: context.head,
  now: toInstant(context.nowMs),
  rulesVersion: RULES_VERSION,
  certificate: certificate.digest,
});

export const requested = (subject: Subject): DomainEvent => {
  const { issuedAt, citedLease, contentDigest, drawnFor = null, evidence } = subject.request;
  const told = { ...(drawnFor === null ? {} : { drawnFor }), ...(evidence === undefined ? {} : { evidence: [...evidence] }) };
  return { type: 'ActivationRequested', data: { ...subjectOf(subject), requestIssuedAt: issuedAt, citedLease, contentDigest, ...told } };
};

export const refused = (subject: Subject, reason: RefusalReason): DomainEvent => ({
  type: 'ActivationRefused',
  data: { ...subjectOf(subject), reason, basis: basisOf(subject) },
});

const leaseOf = (subject: Subject, count: number): EventOf<'ActivationGranted'>['data'] => {
  const { product, context } = subject;
  const issuedAtMs = toNumericDate(context.nowMs) * SECOND_MS;
  return {
    ...subjectOf(subject),
    leaseId: context.draws.leaseId,
    kid: subject.kid,
    issuedAt: toInstant(issuedAtMs),
    expiresAt: toInstant(issuedAtMs + product.leaseSeconds * SECOND_MS),
    renewAfterSeconds: product.renewAfterSeconds,
    renewalWindow: renewalWindow(product.renewAfterSeconds, context.draws.spread),
    retryAfterSeconds: product.retryAfterSeconds,
    basis: { ...basisOf(subject), count, threshold: product.threshold, draws: context.draws },
  };
};

const deferralOf = (subject: Subject, count: number): EventOf<'ActivationDeferred'>['data'] => {
  const { product, context } = subject;
  const share = RETRY_SHARE_MIN + (1 - RETRY_SHARE_MIN) * context.draws.spread;
  return {
    ...subjectOf(subject),
    kid: subject.kid,
    retryAfterSeconds: Math.ceil(product.retryAfterSeconds * share),
    basis: { ...basisOf(subject), count, threshold: product.threshold, draws: { spread: context.draws.spread } },
  };
};

/** Left out where it is true. */
const countedAs = (isCounted: boolean): { readonly counted?: false } => (isCounted ? {} : { counted: false });

const NOBODY = { has: () => false };

/** The outcome by the count: of an activation, or of the renewal of a lease. */
export const outcomeByCount = (subject: Subject, pool: PoolPolicy, renewedLease?: string): DomainEvent => {
  const { product, context } = subject;
  if (context.counts === undefined) throw new Error('a countable request is decided by its count, and none was given');
  const { status } = context.standing ?? countingStandingOf(subject.request.machine, pool, context.enrolled ?? NOBODY);
  const own = countedAs(status !== 'not-counted');
  const count = countUnder(pool, context.counts);
  if (meetsThreshold(count, product.threshold)) {
    const lease = { ...leaseOf(subject, count), ...own };
    return renewedLease === undefined ? { type: 'ActivationGranted', data: lease } : { type: 'ActivationRenewed', data: { ...lease, renewedLease } };
  }
  const deferral = { ...deferralOf(subject, count), ...own };
  return renewedLease === undefined ? { type: 'ActivationDeferred', data: deferral } : { type: 'RenewalDeferred', data: { ...deferral, lease: renewedLease } };
};
