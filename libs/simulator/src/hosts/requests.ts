import type { Reply, Wish } from '@muster/client';
import type { DomainEvent, RequestActivation } from '@muster/contracts';
import type { Rejection, RenewalRequest } from '@muster/domain';
import { SECOND_MS, toNumericDate } from '@muster/kernel';
import type { Identity } from '../fleet/identity.js';

/** What a machine sends, before it would be signed. */
export interface Asking {
  readonly wish: Wish;
  readonly identity: Identity;
  readonly product: string;
  readonly nowMs: number;
}

/** Nothing is signed here, so nothing is hashed either. */
const UNSIGNED = '';

/** Of a lease that is not signed its id tells what the hash of a signed one would: which lease is cited. */
const hashOf = ({ leaseId }: Pick<NonNullable<Wish['lease']>, 'leaseId'>): string => `hash of ${leaseId}`;

export const activationOf = ({ wish, identity, product, nowMs }: Asking): RequestActivation => ({
  machine: identity.id,
  requestId: wish.requestId,
  product,
  virtual: identity.virtual,
  citedLease: wish.lease === null ? null : hashOf(wish.lease),
  audience: null,
  issuedAt: toNumericDate(nowMs),
  contentDigest: UNSIGNED,
  hostname: '',
  address: null,
});

/** A renewal presents the lease; what a host would find in its signed claims stands here as it is. */
export const renewalOf = ({ wish, identity, product, nowMs }: Asking, { lease, organisation }: { readonly lease: NonNullable<Wish['lease']>; readonly organisation: string }): RenewalRequest => ({
  machine: identity.id,
  requestId: wish.requestId,
  leaseId: lease.leaseId,
  virtual: identity.virtual,
  drawnFor: wish.drawnForMs === null ? null : toNumericDate(wish.drawnForMs),
  audience: null,
  issuedAt: toNumericDate(nowMs),
  contentDigest: UNSIGNED,
  presented: {
    status: 'genuine',
    digest: hashOf(lease),
    leaseId: lease.leaseId,
    host: lease.host,
    organisation,
    machine: identity.id,
    product,
    issuedAt: toNumericDate(lease.issuedAtMs),
    expiresAt: toNumericDate(lease.expiresAtMs),
  },
});

/** What the machine is told where nothing is recorded: no, or not now. */
export const turnedDown = ({ kind, detail, retryAfterSeconds }: Rejection): Reply => ({
  type: kind === 'overloaded' ? 'busy' : 'refused',
  code: kind,
  detail,
  retryAfterSeconds: retryAfterSeconds ?? null,
});

/** What the machine is told of a recorded outcome. */
export const replyOf = (outcome: DomainEvent, recordedAtMs: number): Reply => {
  switch (outcome.type) {
    case 'ActivationGranted':
    case 'ActivationRenewed': {
      const { leaseId, kid, issuedAt, expiresAt, renewAfterSeconds, renewalWindow, retryAfterSeconds, basis } = outcome.data;
      const lease = { leaseId, host: kid, issuedAtMs: Date.parse(issuedAt), expiresAtMs: Date.parse(expiresAt), token: UNSIGNED };
      return { type: 'granted', lease, count: basis.count, threshold: basis.threshold, renewAfterSeconds, renewalWindow, retryAfterSeconds };
    }
    case 'ActivationDeferred':
    case 'RenewalDeferred': {
      const { retryAfterSeconds, basis } = outcome.data;
      return { type: 'deferred', count: basis.count, threshold: basis.threshold, retryAfterSeconds, signedAtMs: toNumericDate(recordedAtMs) * SECOND_MS };
    }
    case 'ActivationRefused':
      return { type: 'refused', code: outcome.data.reason, detail: '', retryAfterSeconds: null };
    default:
      throw new Error(`${outcome.type} is not the outcome of a request`);
  }
};
