import type { RenewLease } from '@muster/contracts';
import { SECOND_MS, toInstant } from '@muster/kernel';
import type { DecisionTime, Rejection } from '../activation/screen-request.rule.js';
import { reject, screenEnvelope } from '../activation/screen-request.rule.js';
import type { ActivatedHost, HostState } from '../hosts/host.fold.js';

/** What a machine presented as its lease, after its signatures were looked at. */
export type PresentedLease =
  | { readonly status: 'not-trusted'; readonly digest: string; readonly detail: string }
  | {
      readonly status: 'genuine';
      /** SHA-256 of the lease as it was presented. */
      readonly digest: string;
      readonly leaseId: string;
      /** The host that issued it. */
      readonly host: string;
      readonly organisation: string;
      readonly machine: string;
      readonly product: string;
      readonly issuedAt: number;
      readonly expiresAt: number;
    };

export type GenuineLease = Extract<PresentedLease, { readonly status: 'genuine' }>;

/** A machine's request about the lease that it holds. */
export interface LeaseRequest extends Pick<RenewLease, 'machine' | 'requestId' | 'leaseId' | 'audience' | 'issuedAt' | 'contentDigest'> {
  readonly presented: PresentedLease;
}

/** What renewals and releases ask of the lease itself, without the ledger. */
export const screenPresentedLease = (
  request: LeaseRequest,
  state: HostState,
  { nowMs, clockMs }: DecisionTime,
): Rejection | { readonly status: 'admitted'; readonly host: ActivatedHost; readonly lease: GenuineLease } => {
  const envelope = screenEnvelope(request, state, clockMs);
  if (envelope.status === 'rejected') return envelope;
  const { host } = envelope;
  const { presented: lease } = request;
  if (lease.status === 'not-trusted') return reject('lease-not-trusted', lease.detail);
  if (lease.organisation !== host.certificate.claims.organisation) return reject('lease-not-trusted', 'The lease was issued by a host of another organisation.');
  if (lease.machine !== request.machine) return reject('lease-not-yours', 'The lease was issued to another machine than the one that signed the request.');
  if (lease.leaseId !== request.leaseId) return reject('malformed-request', `The request is about lease ${lease.leaseId}, and its path names ${request.leaseId}.`);
  if (nowMs >= lease.expiresAt * SECOND_MS) return reject('lease-expired', `The lease ran out at ${toInstant(lease.expiresAt * SECOND_MS)}. Activate again.`);
  return { status: 'admitted', host, lease };
};

/** Issued by this host, under this or an earlier key. */
export const isIssuedHere = ({ certificates }: ActivatedHost, lease: GenuineLease): boolean => [...certificates.values()].some(({ claims }) => claims.sub === lease.host);
