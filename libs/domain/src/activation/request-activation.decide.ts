import type { DomainEvent, PoolCounts, PoolPolicy, ProductPolicy, RequestActivation } from '@muster/contracts';
import { SECOND_MS, toInstant, toNumericDate } from '@muster/kernel';
import type { CertificateInForce, HostState } from '../hosts/host.fold.js';
import { renewalWindow } from '../renewal/renewal-window.rule.js';
import type { DecisionTime, Rejection } from './screen-request.rule.js';
import { screenRequest } from './screen-request.rule.js';
import { countUnder, meetsThreshold } from './threshold.rule.js';

/** Raised whenever a rule changes what it decides: an auditor tells an explained difference from an unexplained one. */
export const RULES_VERSION = 1;

/** Deferred machines come back after 0.75 to 1 of the policy's interval, so that those who came together do not return together. */
const RETRY_SHARE_MIN = 0.75;

/** What a decision is made from, all of it as of one head. */
export interface ActivationContext extends DecisionTime {
  readonly head: number;
  /** The pool's counts with this machine included; needed where {@link screenRequest} says `countable`. */
  readonly counts: PoolCounts | undefined;
  readonly draws: { readonly leaseId: string; readonly spread: number };
}

/** Either nothing is recorded, or the request and exactly one outcome are. */
export type ActivationDecision = Rejection | { readonly status: 'recorded'; readonly events: readonly [DomainEvent, DomainEvent] };

interface Subject {
  readonly request: RequestActivation;
  readonly product: ProductPolicy;
  readonly certificate: CertificateInForce;
  readonly context: ActivationContext;
}

const subjectOf = ({ request, product }: Subject) => ({ machine: request.machine, product: product.name, pool: product.pool, virtual: request.virtual });

const basisOf = ({ certificate, context }: Subject) => ({
  head: context.head,
  now: toInstant(context.nowMs),
  rulesVersion: RULES_VERSION,
  certificate: certificate.digest,
});

const kidOf = ({ certificate }: Subject): string => certificate.claims.sub;

const requested = (subject: Subject): DomainEvent => ({
  type: 'ActivationRequested',
  data: {
    ...subjectOf(subject),
    requestIssuedAt: subject.request.issuedAt,
    citedLease: subject.request.citedLease,
    contentDigest: subject.request.contentDigest,
  },
});

const granted = (subject: Subject, count: number): DomainEvent => {
  const { product, context } = subject;
  const issuedAtMs = toNumericDate(context.nowMs) * SECOND_MS;
  return {
    type: 'ActivationGranted',
    data: {
      ...subjectOf(subject),
      leaseId: context.draws.leaseId,
      kid: kidOf(subject),
      issuedAt: toInstant(issuedAtMs),
      expiresAt: toInstant(issuedAtMs + product.leaseSeconds * SECOND_MS),
      renewAfterSeconds: product.renewAfterSeconds,
      renewalWindow: renewalWindow(product.renewAfterSeconds, context.draws.spread),
      retryAfterSeconds: product.retryAfterSeconds,
      basis: { ...basisOf(subject), count, threshold: product.threshold, draws: context.draws },
    },
  };
};

const deferred = (subject: Subject, count: number): DomainEvent => {
  const { product, context } = subject;
  const share = RETRY_SHARE_MIN + (1 - RETRY_SHARE_MIN) * context.draws.spread;
  return {
    type: 'ActivationDeferred',
    data: {
      ...subjectOf(subject),
      kid: kidOf(subject),
      retryAfterSeconds: Math.ceil(product.retryAfterSeconds * share),
      basis: { ...basisOf(subject), count, threshold: product.threshold, draws: { spread: context.draws.spread } },
    },
  };
};

const outcomeByCount = (subject: Subject, pool: PoolPolicy, counts: PoolCounts): DomainEvent => {
  const count = countUnder(pool, counts);
  return meetsThreshold(count, subject.product.threshold) ? granted(subject, count) : deferred(subject, count);
};

/** Decides a request whose id is new to the ledger. */
export const decideActivation = (request: RequestActivation, host: HostState, context: ActivationContext): ActivationDecision => {
  const screened = screenRequest(request, host, context);
  if (screened.status === 'rejected') return screened;
  const subject: Subject = { request, product: screened.product, certificate: screened.certificate, context };
  if (screened.status === 'refused') {
    return {
      status: 'recorded',
      events: [requested(subject), { type: 'ActivationRefused', data: { ...subjectOf(subject), reason: screened.reason, basis: basisOf(subject) } }],
    };
  }
  if (context.counts === undefined) throw new Error('a countable request is decided by its count, and none was given');
  return { status: 'recorded', events: [requested(subject), outcomeByCount(subject, screened.pool, context.counts)] };
};
